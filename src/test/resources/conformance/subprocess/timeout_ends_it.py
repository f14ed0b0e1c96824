import asyncio
import os

from millrace_conformance import kind, say


async def main():
    process = await asyncio.create_subprocess_exec("sh", "-c", "sleep 0.5; echo > alive")
    try:
        await asyncio.wait_for(process.communicate(), 0.1)
    except TimeoutError as error:
        caught = kind(error)
    await asyncio.sleep(0.9)
    say({"error": caught, "alive": os.path.exists("alive")})


asyncio.run(main())
