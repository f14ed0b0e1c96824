import asyncio
import time
from concurrent.futures import ThreadPoolExecutor

from millrace_conformance import kind, say


def first():
    time.sleep(0.3)
    return "first"


def second():
    say("never run")
    return "second"


async def impatient(loop, one):
    await asyncio.sleep(0.02)
    try:
        return await asyncio.wait_for(loop.run_in_executor(one, second), 0.001)
    except TimeoutError as error:
        return kind(error)


async def main():
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(max_workers=1) as one:
        say(await asyncio.gather(loop.run_in_executor(one, first), impatient(loop, one)))


asyncio.run(main())
