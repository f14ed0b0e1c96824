import asyncio

from millrace_conformance import say


async def producer(queue, fruit):
    for n in range(4):
        await queue.put((fruit, n))


async def consumer(queue, eaten):
    while True:
        fruit, n = await queue.get()
        await asyncio.sleep(0.002)
        eaten.setdefault(fruit, []).append(n)
        queue.task_done()


async def main():
    queue, eaten = asyncio.Queue(maxsize=3), {}
    task = asyncio.create_task(consumer(queue, eaten))
    await asyncio.gather(producer(queue, "apple"), producer(queue, "pear"))
    await queue.join()
    task.cancel()
    for fruit in sorted(eaten):
        say({"fruit": fruit, "in order": eaten[fruit]})


asyncio.run(main())
