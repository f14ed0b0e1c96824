import asyncio

from millrace_conformance import say


async def consumer(queue):
    while True:
        milliseconds = await queue.get()
        await asyncio.sleep(milliseconds / 1000)
        say(milliseconds)
        queue.task_done()


async def main():
    queue = asyncio.Queue(maxsize=2)
    consumers = [asyncio.create_task(consumer(queue)) for _ in range(3)]
    for milliseconds in 400, 60, 120, 130, 10:
        await queue.put(milliseconds)
    await queue.join()
    for task in consumers:
        task.cancel()


asyncio.run(main())
