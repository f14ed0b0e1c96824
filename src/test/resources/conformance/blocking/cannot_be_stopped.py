import asyncio
import time

from millrace_conformance import kind, say


async def main():
    try:
        say(await asyncio.wait_for(asyncio.to_thread(time.sleep, 0.2), 0.001))
    except TimeoutError as error:
        say(kind(error))


asyncio.run(main())
