import asyncio

from millrace_conformance import fetch, kind, say


async def pooled(path, one):
    async with one:
        return await fetch(path)


async def second(one):
    await asyncio.sleep(0.1)
    try:
        return await asyncio.wait_for(pooled("/hello", one), 0.1)
    except TimeoutError as error:
        return kind(error)


async def main():
    one = asyncio.Semaphore(1)
    say(await asyncio.gather(pooled("/slow", one), second(one)))


asyncio.run(main())
