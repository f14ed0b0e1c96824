import asyncio

from millrace_conformance import kind, say


async def main():
    results = await asyncio.gather(
        asyncio.wait_for(asyncio.sleep(5), 0.02), asyncio.wait_for(asyncio.sleep(5), 0.08), return_exceptions=True
    )
    say(kind(ExceptionGroup("no branch has won", results)))


asyncio.run(main())
