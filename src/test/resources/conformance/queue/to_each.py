import asyncio

from millrace_conformance import say


async def left(queue):
    item = await queue.get()
    item["n"] += 10
    say({**item, "side": "left"})


async def right(queue):
    item = await queue.get()
    await asyncio.sleep(0.08)
    say({**item, "side": "right"})


async def main():
    queues = asyncio.Queue(), asyncio.Queue()
    item = {"n": 1}
    for queue in queues:
        queue.put_nowait(dict(item))
    await asyncio.gather(left(queues[0]), right(queues[1]))


asyncio.run(main())
