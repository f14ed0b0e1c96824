import asyncio
from asyncio.subprocess import PIPE
from subprocess import CalledProcessError

from millrace_conformance import kind, say


async def run(*command):
    process = await asyncio.create_subprocess_exec(*command, stdout=PIPE, stderr=PIPE)
    out, err = await process.communicate()
    if process.returncode:
        raise CalledProcessError(process.returncode, command, out, err)


async def main():
    try:
        await run("sh", "-c", "echo too bad >&2; exit 7")
    except CalledProcessError as error:
        say({"kind": kind(error), "code": str(error.returncode), "stderr": error.stderr.decode().strip()})


asyncio.run(main())
