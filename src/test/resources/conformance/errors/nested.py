import asyncio

from millrace_conformance import say


async def work(value):
    try:
        try:
            raise ValueError(value)
        except ValueError as error:
            if str(error) == "grave":
                raise
            say(f"inner {error}")
        say("goes on")
    except ValueError as error:
        say(f"outer {error}")


async def main():
    for value in "mild", "grave":
        await work(value)


asyncio.run(main())
