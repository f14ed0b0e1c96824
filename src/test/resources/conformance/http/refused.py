import asyncio

from millrace_conformance import kind, say


async def main():
    try:
        await asyncio.open_connection("127.0.0.1", 1)
    except OSError as error:
        say({"kind": kind(error)})


asyncio.run(main())
