import asyncio

from millrace_conformance import connect, kind, say


async def main():
    for question in "close", "half an answer", "echo whole":
        reader, writer = await connect()
        writer.write(f"{question}\n".encode())
        try:
            answer = (await reader.readuntil(b"\n")).decode().rstrip("\n")
        except asyncio.IncompleteReadError as error:
            answer = kind(error)
        writer.close()
        say({"value": question, "answer": answer})


asyncio.run(main())
