import asyncio

from millrace_conformance import Limit, kind, say


async def main():
    n = 0
    try:
        for _ in range(10):
            n += 1
            if False:
                break
        else:
            raise Limit("ten rounds")
    except Limit as error:
        say({"n": n, "kind": kind(error)})


asyncio.run(main())
