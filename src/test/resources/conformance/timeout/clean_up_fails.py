import asyncio

from millrace_conformance import kind, say


async def work():
    try:
        await asyncio.sleep(5)
    finally:
        raise ValueError("cannot clean up")


async def main():
    try:
        await asyncio.wait_for(work(), 0.05)
    except Exception as error:
        say(kind(error))


asyncio.run(main())
