import asyncio

from millrace_conformance import say


async def work(milliseconds):
    task = asyncio.create_task(asyncio.sleep(milliseconds / 1000))
    done, pending = await asyncio.wait([task], timeout=0.15)
    for late in pending:
        late.cancel()
    return {"value": milliseconds, "outcome": "done" if done else "too late"}


async def main():
    for result in await asyncio.gather(*map(work, [10, 300, 20])):
        say(result)


asyncio.run(main())
