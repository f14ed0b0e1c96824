import asyncio

from millrace_conformance import say


async def main():
    seen = set()
    for value in ["a", "b", "a", "c", "b", "a"]:
        if value not in seen:
            seen.add(value)
            say(value)


asyncio.run(main())
