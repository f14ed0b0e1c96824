"""What the programs of the suite share: printing JSON lines, and the names that Millrace has for errors."""

import asyncio
import json


class Limit(Exception):
    """Too much of something."""


def say(value):
    """Prints a line as a flow does: an object as it is, anything else as the object's value."""
    print(json.dumps(value if isinstance(value, dict) else {"value": value}), flush=True)


def kind(error):
    """The kind that Millrace has for an exception."""
    if isinstance(error, BaseExceptionGroup):
        return kind(error.exceptions[0])
    for types, name in KINDS:
        if isinstance(error, types):
            return name
    return "BUG"


KINDS = [
    (TimeoutError, "TIMEOUT"),
    (asyncio.CancelledError, "CANCELLED"),
    ((Limit, RecursionError, asyncio.LimitOverrunError), "LIMIT"),
    ((ConnectionError, asyncio.IncompleteReadError), "UNREACHABLE"),
    (PermissionError, "REJECTED"),
    (ValueError, "BAD_DATA"),
]


def dead(error, step):
    """Prints an error that nobody has caught, as the suite prints a dead letter: what happened at which step."""
    letter = {"dead": kind(error), "step": step}
    if letter["dead"] == "BAD_DATA":
        letter["message"] = str(error)
    say(letter)
