import asyncio

from millrace_conformance import say


async def double(n):
    await asyncio.sleep((20 + 7 * n % 31) / 1000)
    return n * 2


async def main():
    doubled = await asyncio.gather(*(double(n) for n in range(1000)))
    say({"sum": sum(doubled), "sorted": doubled == sorted(doubled), "count": len(doubled)})


asyncio.run(main())
