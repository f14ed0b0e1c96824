import asyncio
from functools import lru_cache

from millrace_conformance import say


@lru_cache(maxsize=2)
def find_out(key):
    say(f"asking for {key}")
    return key


async def main():
    for key in ["a", "b", "a", "c", "b", "a"]:
        find_out(key)


asyncio.run(main())
