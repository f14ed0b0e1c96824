import asyncio

from millrace_conformance import connect, say


async def main():
    reader, writer = await connect()
    for n in range(200):
        writer.write(f"echo {n}\n".encode())
    await writer.drain()
    answers = [int(await reader.readuntil(b"\n")) for _ in range(200)]
    writer.close()
    say({"in order": answers == list(range(200)), "sum": sum(answers)})


asyncio.run(main())
