import asyncio

from millrace_conformance import kind, say


async def main():
    async with asyncio.timeout(3):
        try:
            async with asyncio.timeout(0.05):
                await asyncio.sleep(5)
        except TimeoutError as error:
            say("inner " + kind(error))
        await asyncio.sleep(0.05)
        say("still in time")


asyncio.run(main())
