import asyncio
import os
import signal
from asyncio.subprocess import PIPE

from millrace_conformance import kind, say


async def main():
    process = await asyncio.create_subprocess_exec("sh", "-c", "sleep 8 & echo hi", stdout=PIPE, start_new_session=True)
    try:
        out, _ = await asyncio.wait_for(process.communicate(), 1.5)
        say(out.decode())
    except TimeoutError as error:
        say(kind(error))
    finally:
        os.killpg(process.pid, signal.SIGKILL)


asyncio.run(main())
