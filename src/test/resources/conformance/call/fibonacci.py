import asyncio

from millrace_conformance import say


async def fib(n):
    if n > 1:
        n = sum(await asyncio.gather(fib(n - 1), fib(n - 2)))
    return n


async def main():
    for n in range(13):
        say(await fib(n))


asyncio.run(main())
