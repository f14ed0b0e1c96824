import asyncio
import sys

from millrace_conformance import dead, say


async def work(n, unfinished):
    try:
        await asyncio.sleep(0.6)
        say(n)
    except asyncio.CancelledError as error:
        unfinished.append(error)
        raise


async def main(unfinished):
    async with asyncio.TaskGroup() as group:
        for n in 1, 2:
            group.create_task(work(n, unfinished))


unfinished = []
try:
    asyncio.run(asyncio.wait_for(main(unfinished), 0.2))
except TimeoutError:
    for error in unfinished:
        dead(error, "flow/sleep#0")
    sys.exit(1)
