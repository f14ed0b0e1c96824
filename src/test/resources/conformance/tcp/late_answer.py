import asyncio

from millrace_conformance import connect, kind, say


async def ask(question):
    reader, writer = await connect()
    try:
        writer.write(f"{question}\n".encode())
        return (await reader.readuntil(b"\n")).decode().rstrip("\n")
    finally:
        writer.close()


async def main():
    try:
        first = await asyncio.wait_for(ask("slow first"), 0.05)
    except TimeoutError as error:
        first = kind(error)
    await asyncio.sleep(0.3)
    say({"first": first, "second": await ask("echo second")})


asyncio.run(main())
