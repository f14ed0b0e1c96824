import asyncio
import gc

from millrace_conformance import dead, say


async def task(n):
    if n == 2:
        raise ValueError(f"task {n} is bad")
    say(n)


async def main():
    unheard = []
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: unheard.append(context["exception"]))
    for n in 1, 2, 3:
        asyncio.create_task(task(n))
    await asyncio.sleep(0.05)
    gc.collect()
    for error in unheard:
        dead(error, "tasks/raise#0")


asyncio.run(main())
