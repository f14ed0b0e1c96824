import asyncio

from millrace_conformance import say


async def number(n, seconds=0):
    await asyncio.sleep(seconds)
    return n


async def main():
    say(
        await asyncio.gather(
            asyncio.gather(number(1, 0.12), number(2)),
            asyncio.gather(number(3, 0.06), asyncio.gather()),
            number(5),
        )
    )


asyncio.run(main())
