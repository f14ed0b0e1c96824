import asyncio
from asyncio.subprocess import PIPE

from millrace_conformance import say


async def echo(text):
    process = await asyncio.create_subprocess_exec("printf", "%s", text, stdout=PIPE)
    out, _ = await process.communicate()
    return out.decode()


async def main():
    for text in "$HOME; echo *", "a 'b' \"c\"", "Bodø":
        say(await echo(text))


asyncio.run(main())
