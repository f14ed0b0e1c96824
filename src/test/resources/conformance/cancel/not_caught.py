import asyncio

from millrace_conformance import say


async def slow():
    try:
        await asyncio.sleep(5)
    except Exception:
        say("caught a cancellation")
    finally:
        say("cancelled")


async def main():
    task = asyncio.create_task(slow())
    await asyncio.sleep(0.05)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    say("won")


asyncio.run(main())
