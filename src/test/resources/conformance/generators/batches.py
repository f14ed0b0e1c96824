import asyncio

from millrace_conformance import say


async def numbers():
    for n in range(8):
        yield n


async def batched(source, size):
    batch = []
    async for one in source:
        batch.append(one)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


async def main():
    async for batch in batched(numbers(), 3):
        say(batch)


asyncio.run(main())
