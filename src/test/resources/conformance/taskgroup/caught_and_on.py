import asyncio

from millrace_conformance import say


async def n(value):
    if value == 1:
        raise ValueError("one")
    return value


async def m():
    await asyncio.sleep(0.01)
    return 0


async def work(value):
    try:
        async with asyncio.TaskGroup() as group:
            tasks = group.create_task(n(value)), group.create_task(m())
        result = {"n": tasks[0].result(), "m": tasks[1].result()}
    except* ValueError as group:
        result = {"n": None, "m": str(group.exceptions[0])}
    return {**result, "after": True}


async def main():
    for result in await asyncio.gather(work(1), work(2)):
        say(result)


asyncio.run(main())
