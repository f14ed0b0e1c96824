import asyncio

from millrace_conformance import kind, say


async def a():
    raise ValueError("a is bad")


async def b():
    say("b begins")


async def main():
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(a())
            group.create_task(b())
    except* ValueError as error:
        say({"kind": kind(error)})


asyncio.run(main())
