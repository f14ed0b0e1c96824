import asyncio

from millrace_conformance import kind, say


async def work():
    try:
        await asyncio.sleep(5)
    except asyncio.CancelledError:
        say("swallowed")
    await asyncio.sleep(0)
    say("goes on")


async def main():
    try:
        await asyncio.wait_for(work(), 0.05)
    except TimeoutError as error:
        say(kind(error))


asyncio.run(main())
