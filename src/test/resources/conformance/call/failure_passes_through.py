import asyncio

from millrace_conformance import say


async def inner():
    try:
        raise ValueError("deep inside")
    finally:
        say("inner ends")


async def outer():
    try:
        await inner()
    finally:
        say("outer ends")


async def main():
    try:
        await outer()
    except ValueError as error:
        say(str(error))


asyncio.run(main())
