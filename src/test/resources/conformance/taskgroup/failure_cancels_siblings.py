import asyncio

from millrace_conformance import kind, say


async def a():
    try:
        await asyncio.sleep(5)
    finally:
        say("a cleans up")
        await asyncio.sleep(0.12)
        say("a has cleaned up")


async def b():
    await asyncio.sleep(0.06)
    say("b fails")
    raise ValueError("b is bad")


async def main():
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(a())
            group.create_task(b())
    except* ValueError as group:
        say({"kind": kind(group), "message": str(group.exceptions[0])})


asyncio.run(main())
