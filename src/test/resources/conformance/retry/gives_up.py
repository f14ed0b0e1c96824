import asyncio

from millrace_conformance import kind, say


async def main():
    attempts = 0
    while True:
        attempts += 1
        try:
            say("attempt")
            raise ConnectionError("down")
        except ConnectionError as error:
            if attempts == 3:
                say({"kind": kind(error), "attempts": attempts})
                break
            await asyncio.sleep(0.001)


asyncio.run(main())
