import asyncio

from millrace_conformance import connect, say


async def main():
    reader, writer = await connect()
    for name in "ada", "grace", "bodø":
        writer.write(f"upper {name}\n".encode())
        await writer.drain()
        say({"value": name, "answer": (await reader.readuntil(b"\n")).decode().rstrip("\n")})
    writer.close()


asyncio.run(main())
