import asyncio

from millrace_conformance import say


async def main():
    say({"branches": await asyncio.gather(), "elements": await asyncio.gather(*(None for element in []))})


asyncio.run(main())
