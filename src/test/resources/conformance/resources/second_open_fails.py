import asyncio
from contextlib import asynccontextmanager

from millrace_conformance import say


@asynccontextmanager
async def session():
    say("open session")
    try:
        yield
    finally:
        say("close session")


@asynccontextmanager
async def connection():
    raise ValueError("no connection")
    yield


async def main():
    try:
        async with session(), connection():
            say("inside")
    except ValueError as error:
        say(str(error))


asyncio.run(main())
