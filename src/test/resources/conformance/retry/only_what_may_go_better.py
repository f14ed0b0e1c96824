import asyncio

from millrace_conformance import dead, say


async def main():
    for attempt in range(3):
        try:
            say("attempt")
            raise ValueError("no number")
        except (ConnectionError, TimeoutError):
            await asyncio.sleep(0.001)


try:
    asyncio.run(main())
except ValueError as error:
    dead(error, "main/do#0/raise#1")
