import asyncio
from asyncio.subprocess import PIPE

from millrace_conformance import say


async def main():
    process = await asyncio.create_subprocess_exec(
        "sh", "-c", "while read -r n; do echo $((n * n)); done", stdin=PIPE, stdout=PIPE
    )
    for n in range(4):
        process.stdin.write(f"{n}\n".encode())
        await process.stdin.drain()
        say({"value": n, "square": int(await process.stdout.readline())})
    process.stdin.close()
    await process.wait()


asyncio.run(main())
