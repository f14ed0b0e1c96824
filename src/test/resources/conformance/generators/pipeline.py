import asyncio

from millrace_conformance import say


async def numbers():
    for n in range(6):
        await asyncio.sleep(0.001)
        yield n


async def odd(source):
    async for n in source:
        if n % 2 == 1:
            yield n


async def pairs(source):
    async for n in source:
        yield n * 10
        yield n * 10 + 1


async def main():
    async for n in pairs(odd(numbers())):
        say(n)


asyncio.run(main())
