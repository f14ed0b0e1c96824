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
    for question, patience in ("silent", 0.15), ("echo next", 10):
        try:
            answer = await asyncio.wait_for(ask(question), patience)
        except TimeoutError as error:
            answer = kind(error)
        say({"value": question, "answer": answer})


asyncio.run(main())
