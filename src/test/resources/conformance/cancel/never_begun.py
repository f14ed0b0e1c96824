import asyncio

from millrace_conformance import say


async def other():
    try:
        await asyncio.sleep(0.001)
    finally:
        say("cleaned up")


async def main():
    task = asyncio.create_task(other())
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    say("won at once")


asyncio.run(main())
