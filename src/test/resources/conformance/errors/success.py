import asyncio

from millrace_conformance import say


async def main():
    try:
        say("try")
    except ValueError:
        say("except")
    else:
        say("else")
    finally:
        say("finally")
    say("after")


asyncio.run(main())
