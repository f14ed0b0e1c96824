import asyncio

from millrace_conformance import say


async def task():
    await asyncio.sleep(0.06)
    say("task ends")


async def main():
    running = asyncio.create_task(task())
    say("main goes on")
    await asyncio.sleep(0.15)
    say("main ends")
    await running


asyncio.run(main())
