import asyncio

from millrace_conformance import say


async def task():
    await asyncio.sleep(0.08)
    say("task ends")


async def main():
    asyncio.create_task(task())
    say("main ends")


asyncio.run(main())
