import asyncio

from millrace_conformance import say


async def mirror(name, seconds, up):
    await asyncio.sleep(seconds)
    if not up:
        raise ConnectionError(f"{name} is down")
    return name


async def first_success(*coroutines):
    tasks = [asyncio.create_task(one) for one in coroutines]
    try:
        for one in asyncio.as_completed(tasks):
            try:
                return await one
            except ConnectionError:
                pass
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def main():
    say(await first_success(mirror("a", 0, 0), mirror("b", 0.06, 0), mirror("c", 0.14, 1), mirror("d", 5, 1)))


asyncio.run(main())
