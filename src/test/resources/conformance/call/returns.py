import asyncio

from millrace_conformance import say


async def square(n):
    n = n * n
    await asyncio.sleep(0.001)
    return n


async def main():
    n = 3
    say({"n": n, "square": await square(n + 1), "own": await square(n)})


asyncio.run(main())
