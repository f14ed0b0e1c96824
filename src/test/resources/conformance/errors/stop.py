import asyncio

from millrace_conformance import say


async def main():
    for n in range(6):
        await asyncio.sleep(0.01)
        if n == 3:
            raise ValueError("three")
        say(n)


asyncio.run(main())
