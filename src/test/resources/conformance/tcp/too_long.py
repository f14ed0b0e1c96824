import asyncio

from millrace_conformance import connect, kind, say


async def main():
    reader, writer = await connect(limit=100)
    writer.write(b"echo " + b"x" * 2000 + b"\n")
    try:
        say(len(await reader.readuntil(b"\n")))
    except asyncio.LimitOverrunError as error:
        say(kind(error))
    writer.close()


asyncio.run(main())
