import asyncio

from millrace_conformance import say


async def work(name, seconds):
    await asyncio.sleep(seconds)
    say(f"{name} is done")
    return name


async def main():
    say({"results": await asyncio.gather(work("a", 0.16), work("b", 0.08), work("c", 0))})


asyncio.run(main())
