import asyncio

from millrace_conformance import say


async def main():
    seen = []
    try:
        while True:
            seen.append(len(seen))
            if len(seen) == 3:
                raise ValueError("enough")
    except ValueError as error:
        say({"seen": seen, "why": str(error)})


asyncio.run(main())
