import asyncio

from millrace_conformance import kind, say


async def inner():
    try:
        async with asyncio.timeout(0.05):
            await asyncio.sleep(5)
    finally:
        say("clean-up begins")
        await asyncio.sleep(0.25)
        say("clean-up ends")


async def main():
    try:
        async with asyncio.timeout(0.15):
            await inner()
    except TimeoutError as error:
        say(kind(error))


asyncio.run(main())
