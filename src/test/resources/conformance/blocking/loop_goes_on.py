import asyncio

from millrace_conformance import say


def count():
    n = 0
    for _ in range(300000):
        n += 1
    return n


async def tick():
    ticks = 0
    while ticks < 5:
        await asyncio.sleep(0.005)
        ticks += 1
    return ticks


async def main():
    thread, loop = await asyncio.gather(asyncio.to_thread(count), tick())
    say({"thread": thread, "loop": loop})


asyncio.run(main())
