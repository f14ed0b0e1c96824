import asyncio
from collections import defaultdict

from millrace_conformance import say


async def work(item, locks):
    async with locks[item["name"]]:
        await asyncio.sleep(item["ms"] / 1000)
    say(item)


async def main():
    locks = defaultdict(asyncio.Lock)
    items = [{"name": "a", "ms": 200}, {"name": "a", "ms": 0}, {"name": "b", "ms": 70}]
    await asyncio.gather(*(work(item, locks) for item in items))


asyncio.run(main())
