import asyncio

from millrace_conformance import say


async def worker(queue):
    total = 0
    while (n := await queue.get()) is not None:
        await asyncio.sleep(n * 0.003)
        total += n
    return total


async def main():
    queue = asyncio.Queue()
    workers = [asyncio.create_task(worker(queue)) for _ in range(3)]
    for n in range(10):
        await queue.put(n)
    for _ in workers:
        await queue.put(None)
    say(sum(await asyncio.gather(*workers)))


asyncio.run(main())
