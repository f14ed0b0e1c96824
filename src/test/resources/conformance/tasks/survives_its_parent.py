import asyncio

from millrace_conformance import kind, say


async def task():
    await asyncio.sleep(0.15)
    say("task ends")


async def parent(tasks):
    tasks.append(asyncio.create_task(task()))
    await asyncio.sleep(5)


async def main():
    tasks = []
    try:
        await asyncio.wait_for(parent(tasks), 0.05)
    except TimeoutError as error:
        say(kind(error))
    await asyncio.gather(*tasks)


asyncio.run(main())
