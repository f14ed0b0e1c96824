import asyncio

from millrace_conformance import say


async def work(milliseconds):
    await asyncio.sleep(milliseconds / 1000)
    return "result"


async def main():
    result = await asyncio.wait_for(work(20), 0.1)
    await asyncio.sleep(0.2)
    say({"value": result, "after": True})


asyncio.run(main())
