import asyncio

from millrace_conformance import say


async def work(key, milliseconds, two):
    async with two:
        say(f"{key} begins")
        await asyncio.sleep(milliseconds / 1000)
        return key


async def main():
    two = asyncio.Semaphore(2)
    say(await asyncio.gather(*(work(key, time, two) for key, time in enumerate([60, 180, 60, 60]))))


asyncio.run(main())
