import asyncio

from millrace_conformance import say


async def worker(queue):
    while True:
        item = await queue.get()
        await asyncio.sleep(0.005)
        say(item)
        queue.task_done()


async def main():
    queue = asyncio.Queue(maxsize=2)
    task = asyncio.create_task(worker(queue))
    for item in "abcd":
        await queue.put(item)
    await queue.join()
    task.cancel()


asyncio.run(main())
