import asyncio

from millrace_conformance import dead, say


async def main():
    try:
        raise ValueError("first")
    except ValueError as error:
        raise ValueError(f"second, after {error}")
    finally:
        say("finally")


try:
    asyncio.run(main())
except ValueError as error:
    dead(error, "main/do#0/raise#0")
