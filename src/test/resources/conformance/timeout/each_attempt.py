import asyncio

from millrace_conformance import say


async def main():
    for attempt in range(1, 6):
        say(f"attempt {attempt}")
        try:
            await asyncio.wait_for(asyncio.sleep(5 if attempt < 3 else 0.001), 0.08)
            say("done")
            break
        except TimeoutError:
            await asyncio.sleep(0.001)


asyncio.run(main())
