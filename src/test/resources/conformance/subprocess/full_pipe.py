import asyncio
from asyncio.subprocess import PIPE

from millrace_conformance import kind, say


async def main():
    process = await asyncio.create_subprocess_exec("sh", "-c", "exec head -c 400000 /dev/zero", stdout=PIPE)
    try:
        say(await asyncio.wait_for(process.wait(), 0.5))
    except TimeoutError as error:
        say(kind(error))
    finally:
        process.kill()
        await process.communicate()


asyncio.run(main())
