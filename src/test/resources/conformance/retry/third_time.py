import asyncio

from millrace_conformance import say


async def main():
    for attempt in range(1, 6):
        try:
            say(f"attempt {attempt}")
            if attempt < 3:
                raise ConnectionError("not yet")
            say("done")
            break
        except ConnectionError:
            await asyncio.sleep(0.005)


asyncio.run(main())
