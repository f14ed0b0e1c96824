import asyncio

from millrace_conformance import say


async def square(n):
    await asyncio.sleep(0.08)
    return n * n


async def following(n):
    return n + 1


async def main():
    async with asyncio.TaskGroup() as group:
        tasks = {"square": group.create_task(square(7)), "next": group.create_task(following(7))}
    say([{"key": name, "value": task.result()} for name, task in tasks.items()])


asyncio.run(main())
