import asyncio

from millrace_conformance import say


async def main():
    try:
        say("try")
        raise ValueError("bad")
    except ValueError as error:
        say(f"except {error}")
    else:
        say("else")
    finally:
        say("finally")
    say("after")


asyncio.run(main())
