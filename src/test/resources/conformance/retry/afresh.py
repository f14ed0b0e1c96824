import asyncio

from millrace_conformance import say


async def attempt(number, n):
    n += 1
    started = [f"started by attempt {number}"]
    if number < 3:
        raise TimeoutError("not yet")
    return started, {"n": n}


async def main():
    for number in range(1, 4):
        try:
            started, result = await attempt(number, 0)
        except TimeoutError:
            continue
        for line in [result, *started]:
            say(line)
        break


asyncio.run(main())
