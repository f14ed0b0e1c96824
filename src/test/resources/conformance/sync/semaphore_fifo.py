import asyncio

from millrace_conformance import say


async def work(n, shelf):
    async with shelf:
        say(f"{n} is in")
        await asyncio.sleep(0.03)


async def main():
    shelf = asyncio.Semaphore(2)
    await asyncio.gather(*(work(n, shelf) for n in range(5)))


asyncio.run(main())
