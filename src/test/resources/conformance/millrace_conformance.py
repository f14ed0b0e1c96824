"""What the programs of the suite share: printing JSON lines, and the names that Millrace has for errors."""

import asyncio
import json
import os
import subprocess


class Limit(Exception):
    """Too much of something."""


class Rejected(Exception):
    """The other side has said no."""


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
    ((Rejected, FileNotFoundError, subprocess.CalledProcessError), "REJECTED"),
    (ValueError, "BAD_DATA"),
]


def dead(error, step):
    """Prints an error that nobody has caught, as the suite prints a dead letter: what happened at which step."""
    letter = {"dead": kind(error), "step": step}
    if letter["dead"] == "BAD_DATA":
        letter["message"] = str(error)
    say(letter)


async def connect(**options):
    """A connection to the suite's server."""
    host, port = os.environ["SERVER"].split(":")
    return await asyncio.open_connection(host, int(port), **options)


async def fetch(path):
    """The body of a page of the suite's server, over a connection of its own."""
    reader, writer = await connect()
    try:
        writer.write(f"GET {path} HTTP/1.1\r\nHost: millrace\r\n\r\n".encode())
        await writer.drain()
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        if not head[0].split()[1].startswith("2"):
            raise Rejected(head[0])
        length = next(int(line.split(":")[1]) for line in head if line.lower().startswith("content-length:"))
        return (await reader.readexactly(length)).decode()
    finally:
        writer.close()
