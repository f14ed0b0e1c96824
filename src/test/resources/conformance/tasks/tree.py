import asyncio
from collections import Counter

from millrace_conformance import say


async def node(depth, group, nodes):
    await asyncio.sleep(0.002)
    if depth < 4:
        for _ in range(3):
            group.create_task(node(depth + 1, group, nodes))
    nodes[depth] += 1


async def main():
    nodes = Counter()
    async with asyncio.TaskGroup() as group:
        group.create_task(node(0, group, nodes))
    for depth in sorted(nodes):
        say({"depth": depth, "nodes": nodes[depth]})


asyncio.run(main())
