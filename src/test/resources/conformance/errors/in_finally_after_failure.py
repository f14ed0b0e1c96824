import asyncio

from millrace_conformance import say


async def main():
    try:
        try:
            raise ValueError("first")
        finally:
            raise ValueError("second")
    except ValueError as error:
        say({"caught": str(error), "other": str(error.__context__)})


asyncio.run(main())
