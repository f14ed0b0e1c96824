import asyncio

from millrace_conformance import say


async def work(n, shelf):
    async with shelf:
        say(f"{n} is in")
        await asyncio.sleep(0.01)
        raise ValueError(f"{n} stumbles")


async def main():
    shelf = asyncio.Lock()
    await asyncio.gather(*(work(n, shelf) for n in range(3)), return_exceptions=True)


asyncio.run(main())
