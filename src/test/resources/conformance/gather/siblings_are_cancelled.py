import asyncio

from millrace_conformance import say


async def a():
    await asyncio.sleep(0.06)
    raise ValueError("a is bad")


async def b():
    await asyncio.sleep(0.15)
    say("b went on")


async def main():
    try:
        await asyncio.gather(a(), b())
    except ValueError as error:
        say(f"caught: {error}")
    await asyncio.sleep(0.25)
    say("end")


asyncio.run(main())
