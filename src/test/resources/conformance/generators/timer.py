import asyncio

from millrace_conformance import say


async def ticks(seconds, count):
    for n in range(1, count + 1):
        yield n
        await asyncio.sleep(seconds)


async def main():
    async for tick in ticks(0.02, 4):
        say(tick)


asyncio.run(main())
