import asyncio

from millrace_conformance import kind, say


async def there():
    return "there already"


async def branch(name, clean_up):
    try:
        await asyncio.sleep(5)
    finally:
        await asyncio.sleep(clean_up)
        say(f"{name} ends")


async def all_three():
    async with asyncio.TaskGroup() as group:
        group.create_task(there())
        group.create_task(branch("b", 0))
        group.create_task(branch("c", 0.08))


async def main():
    try:
        await asyncio.wait_for(all_three(), 0.06)
    except TimeoutError as error:
        say(kind(error))


asyncio.run(main())
