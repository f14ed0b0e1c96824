import asyncio

from millrace_conformance import kind, say


async def run(program):
    try:
        return await (await asyncio.create_subprocess_exec(program)).wait()
    except FileNotFoundError as error:
        return kind(error)


async def main():
    for program in "no-such-program", "true":
        say(await run(program))


asyncio.run(main())
