import asyncio
from contextlib import asynccontextmanager

from millrace_conformance import kind, say


@asynccontextmanager
async def resource(name):
    say(f"open {name}")
    try:
        yield
    finally:
        await asyncio.sleep(0.03)
        say(f"close {name}")


async def main():
    try:
        async with asyncio.timeout(0.05):
            async with resource("session"), resource("connection"):
                await asyncio.sleep(5)
    except TimeoutError as error:
        say(kind(error))


asyncio.run(main())
