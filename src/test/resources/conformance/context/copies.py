import asyncio
from contextvars import ContextVar

from millrace_conformance import say

user = ContextVar("user", default="nobody")


async def sets():
    user.set("ada")
    await asyncio.sleep(0.04)
    return user.get()


async def looks():
    await asyncio.sleep(0.02)
    return user.get()


async def main():
    seen = await asyncio.gather(sets(), looks())
    say({"user": user.get(), "seen": seen})


asyncio.run(main())
