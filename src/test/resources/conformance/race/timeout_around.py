import asyncio

from millrace_conformance import kind, say


async def branch(name, clean_up):
    try:
        await asyncio.sleep(5)
    finally:
        await asyncio.sleep(clean_up)
        say(f"{name} ends")


async def race():
    tasks = [asyncio.create_task(branch("a", 0)), asyncio.create_task(branch("b", 0.1))]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def main():
    try:
        async with asyncio.timeout(0.06):
            await race()
    except TimeoutError as error:
        say(kind(error))


asyncio.run(main())
