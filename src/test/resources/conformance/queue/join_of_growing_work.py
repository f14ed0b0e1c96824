import asyncio

from millrace_conformance import say


async def worker(queue, worked):
    while True:
        n = await queue.get()
        await asyncio.sleep(0.005)
        for smaller in range(n):
            queue.put_nowait(smaller)
        worked.append(n)
        queue.task_done()


async def main():
    queue, worked = asyncio.Queue(), []
    workers = [asyncio.create_task(worker(queue, worked)) for _ in range(2)]
    queue.put_nowait(4)
    await queue.join()
    say({"worked": len(worked)})
    say("all done")
    for task in workers:
        task.cancel()


asyncio.run(main())
