import asyncio
import os

from millrace_conformance import kind, say


async def main():
    process = await asyncio.create_subprocess_exec(
        "sh", "-c", "trap 'sleep 0.1; echo bye > bye; exit' TERM; echo > ready; while :; do sleep 0.05; done"
    )
    try:
        await asyncio.wait_for(process.wait(), 1)
    except TimeoutError as error:
        caught = kind(error)
    finally:
        process.terminate()
        await process.wait()
    with open("bye") as file:
        say({"error": caught, "said": file.read().strip()})


asyncio.run(main())
