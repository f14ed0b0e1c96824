import asyncio
from asyncio.subprocess import PIPE

from millrace_conformance import kind, say


async def main():
    process = await asyncio.create_subprocess_exec(
        "sh", "-c", "echo short; head -c 100000 /dev/zero | tr '\\0' x; echo; echo short", stdout=PIPE
    )
    try:
        async for line in process.stdout:
            say(len(line.decode().removesuffix("\n")))
    except ValueError as error:
        say(kind(error))
        await process.communicate()


asyncio.run(main())
