import asyncio

from millrace_conformance import say


async def check(n):
    if n % 2 == 1:
        raise ValueError("odd")
    return n


async def main():
    for n in range(6):
        try:
            say(await check(n))
        except ValueError:
            continue


asyncio.run(main())
