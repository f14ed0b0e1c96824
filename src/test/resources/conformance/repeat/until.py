import asyncio

from millrace_conformance import say


async def poll(wanted):
    asked = 0
    async with asyncio.timeout(5):
        while True:
            await asyncio.sleep(0.005)
            asked += 1
            if asked >= wanted:
                return {"wanted": wanted, "asked": asked}


async def main():
    for wanted in 4, 0:
        say(await poll(wanted))


asyncio.run(main())
