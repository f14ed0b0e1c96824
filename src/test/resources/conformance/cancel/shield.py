import asyncio

from millrace_conformance import kind, say


async def commit():
    await asyncio.sleep(0.15)
    say("committed")


async def main():
    try:
        await asyncio.wait_for(asyncio.sleep(5), 0.05)
    except TimeoutError as error:
        caught = kind(error)
    finally:
        await asyncio.shield(commit())
    say(caught)


asyncio.run(main())
