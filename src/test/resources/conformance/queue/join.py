import asyncio

from millrace_conformance import say


async def worker(queue):
    while True:
        milliseconds = await queue.get()
        await asyncio.sleep(milliseconds / 1000)
        say(milliseconds)
        queue.task_done()


async def main():
    queue = asyncio.Queue()
    workers = [asyncio.create_task(worker(queue)) for _ in range(3)]
    for milliseconds in 120, 10, 60:
        queue.put_nowait(milliseconds)
    await queue.join()
    say("all done")
    for task in workers:
        task.cancel()


asyncio.run(main())
