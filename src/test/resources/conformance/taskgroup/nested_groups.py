import asyncio

from millrace_conformance import kind, say


async def sibling(name, clean_up):
    try:
        await asyncio.sleep(5)
    finally:
        if clean_up:
            await asyncio.sleep(clean_up)
        say(f"{name} sibling ends")


async def fail():
    await asyncio.sleep(0.06)
    raise ValueError("deep inside")


async def inner():
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(sibling("inner", 0.08))
            group.create_task(fail())
    finally:
        say("inner group ends")


async def main():
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(sibling("outer", 0))
            group.create_task(inner())
    except* ValueError as error:
        leaf = error.exceptions[0].exceptions[0]
        say({"kind": kind(error), "message": str(leaf)})


asyncio.run(main())
