import asyncio

from millrace_conformance import dead, say


async def main():
    try:
        raise ValueError("bad")
    finally:
        say("finally")
    say("after")


try:
    asyncio.run(main())
except ValueError as error:
    dead(error, "main/do#0/raise#0")
