import asyncio

from millrace_conformance import say


async def slow():
    try:
        await asyncio.sleep(5)
        return "slow"
    finally:
        await asyncio.sleep(0.08)
        say("slow has cleaned up")


async def quick():
    await asyncio.sleep(0.06)
    return "quick"


async def main():
    tasks = [asyncio.create_task(slow()), asyncio.create_task(quick())]
    done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for loser in pending:
        loser.cancel()
    await asyncio.gather(*pending, return_exceptions=True)
    say({"winner": done.pop().result()})


asyncio.run(main())
