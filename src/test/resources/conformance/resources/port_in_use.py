import asyncio
import os
import sys

from millrace_conformance import say


async def serve(reader, writer):
    writer.close()


async def main():
    host, port = os.environ["SERVER"].split(":")
    try:
        async with await asyncio.start_server(serve, host, 0):
            async with await asyncio.start_server(serve, host, int(port)):
                say("never")
    except OSError:
        sys.exit(1)


asyncio.run(main())
