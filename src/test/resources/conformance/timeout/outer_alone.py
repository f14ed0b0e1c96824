import asyncio

from millrace_conformance import kind, say


async def inner():
    try:
        async with asyncio.timeout(0.4):
            await asyncio.sleep(5)
    except TimeoutError:
        say("inner timeout")
    finally:
        say("inner ends")


async def main():
    try:
        async with asyncio.timeout(0.06):
            await inner()
    except TimeoutError as error:
        say("outer " + kind(error))


asyncio.run(main())
