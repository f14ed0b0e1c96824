import asyncio
from asyncio.subprocess import PIPE

from millrace_conformance import say


async def main():
    process = await asyncio.create_subprocess_exec("printf", "one\\n\\ntwo\\nthree", stdout=PIPE)
    async for line in process.stdout:
        say(line.decode().removesuffix("\n"))
    await process.wait()


asyncio.run(main())
