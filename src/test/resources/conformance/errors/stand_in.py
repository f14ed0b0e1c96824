import asyncio

from millrace_conformance import say


async def parse(text):
    try:
        return int(text)
    except ValueError:
        return -1


async def main():
    for text in "12", "twelve", "13":
        say({"n": await parse(text)})


asyncio.run(main())
