import asyncio

from millrace_conformance import say


async def work(milliseconds):
    await asyncio.sleep(milliseconds / 1000)
    return milliseconds


async def main():
    for result in asyncio.as_completed(list(map(work, [240, 10, 120]))):
        say(await result)


asyncio.run(main())
