import asyncio

from millrace_conformance import kind, say


async def work(n, two):
    async with two:
        try:
            say(f"{n} begins")
            await asyncio.sleep(0.06)
            if n == 0:
                raise ValueError("0 is bad")
            await asyncio.sleep(5)
        finally:
            say(f"{n} ends")


async def main():
    two = asyncio.Semaphore(2)
    try:
        async with asyncio.TaskGroup() as group:
            for n in range(5):
                group.create_task(work(n, two))
    except* ValueError as error:
        say({"kind": kind(error)})


asyncio.run(main())
