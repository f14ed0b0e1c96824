import asyncio
import contextlib

from millrace_conformance import say


async def fail():
    raise ValueError("bad")


async def main():
    document = {"n": 1, "result": None}
    with contextlib.suppress(ValueError):
        document["result"] = await fail()
    document["after"] = True
    say(document)


asyncio.run(main())
