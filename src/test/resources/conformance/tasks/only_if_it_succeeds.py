import asyncio

from millrace_conformance import dead, say


async def task(name):
    say(name)


async def work(n):
    wanted = [f"task of {n}"]
    if n % 2 == 1:
        raise ValueError(f"{n} is odd")
    return wanted


async def main():
    errors = []
    async with asyncio.TaskGroup() as group:
        for n in range(4):
            try:
                for name in await work(n):
                    group.create_task(task(name))
            except ValueError as error:
                errors.append(error)
    for error in errors:
        dead(error, "main/raise#1")


asyncio.run(main())
