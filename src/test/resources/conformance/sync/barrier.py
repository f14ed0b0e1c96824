import asyncio

from millrace_conformance import say


async def work(milliseconds, barrier, arrived):
    await asyncio.sleep(milliseconds / 1000)
    arrived.append(milliseconds)
    if await barrier.wait() == 2:
        say(arrived)


async def main():
    barrier, arrived = asyncio.Barrier(3), []
    await asyncio.gather(*(work(ms, barrier, arrived) for ms in (10, 90, 50)))


asyncio.run(main())
