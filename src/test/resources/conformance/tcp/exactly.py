import asyncio

from millrace_conformance import connect, say


async def main():
    reader, writer = await connect()
    writer.write(b"echo abcde\n")
    say((await reader.readexactly(6)).decode())
    writer.close()


asyncio.run(main())
