import asyncio

from millrace_conformance import say


async def find_out(n):
    say(f"{n} asks")
    await asyncio.sleep(0.04)
    if n == 1:
        raise ValueError("no answer")
    return f"found by {n}"


async def ask(n, cache, turn):
    async with turn:
        try:
            if "same" not in cache:
                cache["same"] = await find_out(n)
            answer = cache["same"]
        except ValueError:
            answer = "failed"
        say({"n": n, "answer": answer})


async def main():
    cache, turn = {}, asyncio.Lock()
    await asyncio.gather(*(ask(n, cache, turn) for n in (1, 2, 3)))


asyncio.run(main())
