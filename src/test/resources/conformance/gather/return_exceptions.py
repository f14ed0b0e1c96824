import asyncio

from millrace_conformance import kind, say


async def good(name, seconds):
    await asyncio.sleep(seconds)
    return name


async def bad():
    raise ValueError("b is bad")


async def main():
    slots = await asyncio.gather(
        good("a", 0.08), bad(), asyncio.wait_for(asyncio.sleep(5), 0.02), good("d", 0.16), return_exceptions=True
    )
    say([kind(slot) if isinstance(slot, Exception) else slot for slot in slots])


asyncio.run(main())
