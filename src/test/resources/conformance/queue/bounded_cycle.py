import asyncio

from millrace_conformance import say


async def worker(queue, worked):
    while True:
        level = await queue.get()
        await asyncio.sleep(0.01)
        if level < 3:
            for _ in range(3):
                await queue.put(level + 1)
        worked.append(level)
        queue.task_done()


async def main():
    queue, worked = asyncio.Queue(maxsize=2), []
    workers = [asyncio.create_task(worker(queue, worked)) for _ in range(2)]
    for _ in range(2):
        await queue.put(0)
    try:
        await asyncio.wait_for(queue.join(), 0.5)
        say(len(worked))
    except TimeoutError:
        say("deadlock")
    for task in workers:
        task.cancel()


asyncio.run(main())
