import asyncio

from millrace_conformance import say


async def collatz(n):
    rounds = 0
    while n != 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        rounds += 1
    return {"n": n, "rounds": rounds}


async def main():
    for n in 27, 1:
        say(await collatz(n))


asyncio.run(main())
