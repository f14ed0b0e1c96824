import asyncio

from millrace_conformance import say


async def work(name, place):
    for attempt in 1, 2:
        async with place:
            say(f"{name}, attempt {attempt}")
            if name != "first" or attempt > 1:
                say(name)
                return
        await asyncio.sleep(0.1)


async def main():
    place = asyncio.Semaphore(1)
    await asyncio.gather(work("first", place), work("second", place))


asyncio.run(main())
