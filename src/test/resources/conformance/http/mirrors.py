import asyncio

from millrace_conformance import fetch, say


async def late():
    await asyncio.sleep(20)
    return await fetch("/hello")


async def main():
    tasks = [asyncio.create_task(one) for one in (fetch("/hang"), fetch("/missing"), fetch("/slow"), late())]
    for one in asyncio.as_completed(tasks):
        try:
            say(await one)
            break
        except Exception:
            pass
    for task in tasks:
        task.cancel()


asyncio.run(main())
