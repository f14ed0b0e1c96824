import asyncio

from millrace_conformance import say


async def work(milliseconds):
    await asyncio.sleep(milliseconds / 1000)
    return milliseconds


async def main():
    for result in await asyncio.gather(*map(work, [150, 10, 80])):
        say(result)


asyncio.run(main())
