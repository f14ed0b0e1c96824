import asyncio

from millrace_conformance import say


async def work(milliseconds):
    await asyncio.sleep(milliseconds / 1000)
    say(milliseconds)


async def main():
    async with asyncio.TaskGroup() as group:
        for milliseconds in 200, 0, 0:
            group.create_task(work(milliseconds))
            await asyncio.sleep(1 / 20)


asyncio.run(main())
