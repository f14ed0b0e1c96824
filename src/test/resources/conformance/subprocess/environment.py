import asyncio
import os
from asyncio.subprocess import PIPE

from millrace_conformance import say


async def main():
    process = await asyncio.create_subprocess_exec(
        "sh",
        "-c",
        'echo $GREETING; test -n "$PATH" && echo inherited',
        stdout=PIPE,
        env={**os.environ, "GREETING": "hello"},
    )
    out, _ = await process.communicate()
    say(out.decode().splitlines())


asyncio.run(main())
