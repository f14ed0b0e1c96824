import asyncio

from millrace_conformance import kind, say


async def a():
    await asyncio.sleep(0.09)
    raise ConnectionError("a is down")


async def b():
    raise ValueError("b is no number")


async def main():
    results = await asyncio.gather(a(), b(), asyncio.wait_for(asyncio.sleep(5), 0.04), return_exceptions=True)
    try:
        raise ExceptionGroup("no branch has won", results)
    except* Exception as group:
        say([kind(error) for error in group.exceptions])


asyncio.run(main())
