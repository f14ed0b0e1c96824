import asyncio
from contextlib import aclosing

from millrace_conformance import say


async def numbers():
    for n in range(1_000_000_000):
        yield n


async def main():
    taken = 0
    async with aclosing(numbers()) as source:
        async for n in source:
            say(n)
            taken += 1
            if taken == 4:
                break


asyncio.run(main())
