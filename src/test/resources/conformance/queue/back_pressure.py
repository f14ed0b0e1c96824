import asyncio

from millrace_conformance import say


async def producer(queue, produced):
    for n in range(40):
        produced.append(n)
        await queue.put(n)
    await queue.put(None)


async def main():
    queue, produced, leads = asyncio.Queue(maxsize=2), [], []
    task = asyncio.create_task(producer(queue, produced))
    while (n := await queue.get()) is not None:
        await asyncio.sleep(0.005)
        leads.append(len(produced) - n)
    await task
    say({"consumed": len(leads), "bounded": max(leads) < 10})


asyncio.run(main())
