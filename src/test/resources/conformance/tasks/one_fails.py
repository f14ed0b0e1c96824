import asyncio

from millrace_conformance import dead, say


async def task(n):
    await asyncio.sleep(0.02)
    if n == 1:
        raise ValueError(f"task {n} fails")
    say(n)


async def main():
    tasks = [asyncio.create_task(task(n)) for n in range(4)]
    await asyncio.wait(tasks)
    for one in tasks:
        if one.exception():
            dead(one.exception(), "tasks/raise#1")


asyncio.run(main())
