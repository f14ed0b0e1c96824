import asyncio

from millrace_conformance import say


async def find_out(town):
    say(f"asking for {town}")
    await asyncio.sleep(0.05)
    return len(town)


async def ask(town, cache):
    if town not in cache:
        cache[town] = asyncio.ensure_future(find_out(town))
    return {"value": town, "answer": await cache[town]}


async def main():
    cache = {}
    for answer in await asyncio.gather(*(ask(town, cache) for town in ["oslo", "oslo", "bergen", "oslo"])):
        say(answer)


asyncio.run(main())
