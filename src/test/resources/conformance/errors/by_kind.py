import asyncio

from millrace_conformance import dead, say

ERRORS = {"TIMEOUT": TimeoutError("late"), "UNREACHABLE": ConnectionError("gone"), "BAD_DATA": ValueError("odd")}


async def work(value):
    try:
        raise ERRORS[value]
    except TimeoutError:
        return {"value": value, "handled": "patiently"}
    except ConnectionError:
        return {"value": value, "handled": "sadly"}


async def main():
    results = await asyncio.gather(*map(work, ERRORS), return_exceptions=True)
    for result in results:
        if isinstance(result, Exception):
            dead(result, "main/do#0/switch#0/raise#0")
        else:
            say(result)


asyncio.run(main())
