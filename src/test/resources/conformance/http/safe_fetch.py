import asyncio

from millrace_conformance import fetch, kind, say


async def safe_fetch(path):
    try:
        return await fetch(path)
    except Exception as error:
        return kind(error)


async def main():
    for result in await asyncio.gather(*map(safe_fetch, ["/hello", "/missing", "/half", "/hello"])):
        say(result)


asyncio.run(main())
