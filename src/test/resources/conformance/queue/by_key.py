import asyncio
from collections import defaultdict

from millrace_conformance import say


async def work(locks, item):
    async with locks[item["key"]]:
        await asyncio.sleep(item["ms"] / 1000)
        say(item)


async def main():
    locks = defaultdict(asyncio.Lock)
    items = [{"key": "a", "ms": 150}, {"key": "a", "ms": 0}, {"key": "b", "ms": 60}]
    await asyncio.gather(*(work(locks, item) for item in items))


asyncio.run(main())
