import asyncio

from millrace_conformance import dead, say


async def main():
    work = [asyncio.wait_for(asyncio.sleep(ms / 1000, ms), 0.15) for ms in [10, 500, 20]]
    results = await asyncio.gather(*work, return_exceptions=True)
    for result in results:
        if not isinstance(result, Exception):
            say(result)
    for error in results:
        if isinstance(error, Exception):
            dead(error, "flow/sleep#0")


asyncio.run(main())
