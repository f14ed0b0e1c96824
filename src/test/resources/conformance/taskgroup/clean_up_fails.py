import asyncio

from millrace_conformance import say


async def a():
    await asyncio.sleep(0.06)
    raise ValueError("first")


async def b():
    try:
        await asyncio.sleep(5)
    finally:
        raise ValueError("second")


async def main():
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(a())
            group.create_task(b())
    except* ValueError as group:
        say([str(error) for error in group.exceptions])


asyncio.run(main())
