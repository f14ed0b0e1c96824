import asyncio

from millrace_conformance import say


async def work(n, value):
    await asyncio.sleep(0.15 - 0.07 * n)
    say({"n": n, "is": value})


async def main():
    await asyncio.gather(*(work(n, value) for n, value in enumerate("abc")))


asyncio.run(main())
