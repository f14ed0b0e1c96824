import asyncio
from concurrent.futures import ThreadPoolExecutor

from millrace_conformance import kind, say


def square(text):
    return int(text) * int(text)


async def main():
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(max_workers=2) as pool:
        calls = [loop.run_in_executor(pool, square, text) for text in ("3", "four", "5")]
        for result in await asyncio.gather(*calls, return_exceptions=True):
            say(kind(result) if isinstance(result, Exception) else result)


asyncio.run(main())
