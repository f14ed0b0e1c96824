import asyncio

from millrace_conformance import kind, say


async def attempts():
    while True:
        say("attempt")
        try:
            return await asyncio.wait_for(asyncio.sleep(20), 1)
        except TimeoutError:
            await asyncio.sleep(0.001)


async def main():
    try:
        await asyncio.wait_for(attempts(), 2.5)
    except TimeoutError as error:
        say(kind(error))


asyncio.run(main())
