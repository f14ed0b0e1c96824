import asyncio
from asyncio.subprocess import PIPE

from millrace_conformance import kind, say


async def start():
    return await asyncio.create_subprocess_exec(
        "sh", "-c", "while read -r n; do test $n = 0 && exit 9; echo $n; done", stdin=PIPE, stdout=PIPE
    )


async def main():
    process = await start()
    for n in 1, 0, 2:
        process.stdin.write(f"{n}\n".encode())
        try:
            answer = int(await process.stdout.readuntil(b"\n"))
        except asyncio.IncompleteReadError as error:
            answer = kind(error)
            await process.wait()
            process = await start()
        say({"value": n, "answer": answer})
    process.stdin.close()
    await process.wait()


asyncio.run(main())
