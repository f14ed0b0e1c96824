import asyncio

from millrace_conformance import kind, say


async def forever():
    n = 0
    while True:
        n += 1
        await asyncio.sleep(0)


async def main():
    caught = None
    try:
        async with asyncio.timeout(0.08):
            await forever()
    except TimeoutError as error:
        caught = kind(error)
    finally:
        say("ends")
    say(caught)


asyncio.run(main())
