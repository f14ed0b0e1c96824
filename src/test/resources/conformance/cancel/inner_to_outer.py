import asyncio

from millrace_conformance import say


async def inner():
    try:
        await asyncio.sleep(5)
    finally:
        await asyncio.sleep(0.06)
        say("inner")


async def middle():
    try:
        await inner()
    finally:
        await asyncio.sleep(0.02)
        say("middle")


async def main():
    try:
        async with asyncio.timeout(0.05):
            await middle()
    except TimeoutError:
        pass
    finally:
        say("outer")
    say("end")


asyncio.run(main())
