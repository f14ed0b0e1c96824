import asyncio

from millrace_conformance import say


async def move(queue, out):
    while True:
        out.append(await queue.get())
        queue.task_done()


async def main():
    even, threes, others, out = asyncio.Queue(), asyncio.Queue(), asyncio.Queue(), []
    movers = [asyncio.create_task(move(queue, out)) for queue in (even, threes, others)]
    for n in range(7):
        (even if n % 2 == 0 else threes if n % 3 == 0 else others).put_nowait(n)
    await asyncio.gather(even.join(), threes.join(), others.join())
    for mover in movers:
        mover.cancel()
    say(sorted(out))


asyncio.run(main())
