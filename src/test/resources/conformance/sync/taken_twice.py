import asyncio

from millrace_conformance import kind, say


async def work(shelf):
    async with shelf:
        async with shelf:
            return {"inside": True}


async def main():
    try:
        say(await asyncio.wait_for(work(asyncio.Lock()), 0.3))
    except TimeoutError as error:
        say({"kind": kind(error)})


asyncio.run(main())
