import asyncio

from millrace_conformance import kind, say


async def deeper(n):
    await deeper(n + 1)


async def main():
    try:
        await deeper(0)
    except RecursionError as error:
        say({"kind": kind(error)})


asyncio.run(main())
