import asyncio

from millrace_conformance import say


async def main():
    document = {"a": 1}
    try:
        document["b"] = 2
        raise ValueError("bad")
        document["c"] = 3
    except ValueError:
        document["seen"] = document["b"]
    say(document)


asyncio.run(main())
