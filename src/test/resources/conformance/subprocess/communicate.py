import asyncio
from asyncio.subprocess import PIPE

from millrace_conformance import say


async def upper(text):
    process = await asyncio.create_subprocess_exec("tr", "a-z", "A-Z", stdin=PIPE, stdout=PIPE)
    out, _ = await process.communicate(text.encode())
    return out.decode()


async def main():
    for text in await asyncio.gather(*map(upper, ["one two", "three", ""])):
        say(text)


asyncio.run(main())
