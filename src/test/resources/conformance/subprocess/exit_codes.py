import asyncio
from asyncio.subprocess import PIPE

from millrace_conformance import say


async def run(code):
    process = await asyncio.create_subprocess_exec(
        "sh", "-c", "echo out $0; echo err $0 >&2; exit $0", str(code), stdout=PIPE, stderr=PIPE
    )
    out, err = await process.communicate()
    return {"exit": process.returncode, "stdout": out.decode(), "stderr": err.decode()}


async def main():
    for result in await asyncio.gather(*map(run, [0, 3, 100])):
        say(result)


asyncio.run(main())
