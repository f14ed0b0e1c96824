import asyncio

from millrace_conformance import fetch, kind, say


async def main():
    for path, patience in ("/hang", 0.15), ("/hello", 10):
        try:
            say(await asyncio.wait_for(fetch(path), patience))
        except TimeoutError as error:
            say(kind(error))


asyncio.run(main())
