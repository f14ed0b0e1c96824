import asyncio
import sys

from millrace_conformance import kind, say


async def work(n):
    try:
        await asyncio.sleep(5)
    finally:
        await asyncio.sleep(n * 0.06)


async def main():
    async with asyncio.TaskGroup() as group:
        for n in 1, 2:
            group.create_task(work(n))


try:
    asyncio.run(asyncio.wait_for(main(), 0.1))
except TimeoutError:
    sys.exit(1)
