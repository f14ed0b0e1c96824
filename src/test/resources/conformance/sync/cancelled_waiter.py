import asyncio

from millrace_conformance import say


async def work(name, begins, patience, holds, shelf):
    await asyncio.sleep(begins)
    try:
        async with asyncio.timeout(patience), shelf:
            say(f"{name} is in")
            await asyncio.sleep(holds)
    except TimeoutError:
        say(f"{name} has given up")


async def main():
    shelf = asyncio.Semaphore(1)
    await asyncio.gather(
        work("holder", 0, 5, 0.3, shelf), work("impatient", 0.06, 0.12, 0, shelf), work("patient", 0.12, 5, 0, shelf)
    )


asyncio.run(main())
