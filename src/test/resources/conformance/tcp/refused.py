import asyncio

from millrace_conformance import kind, say


async def main():
    try:
        await asyncio.open_connection("127.0.0.1", 1)
    except ConnectionRefusedError as error:
        say(kind(error))


asyncio.run(main())
