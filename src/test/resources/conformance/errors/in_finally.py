import asyncio

from millrace_conformance import say


async def main():
    try:
        try:
            done = True
        finally:
            raise ValueError("cannot clean up")
        after = True
    except ValueError as error:
        say({"message": str(error)})


asyncio.run(main())
