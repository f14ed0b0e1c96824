import asyncio

from millrace_conformance import say


async def main():
    town, streets = "Oslo", ["Storgata", "Bogstad"]

    async def house(street, n):
        return f"{street} {n}"

    async def in_street(street):
        houses = await asyncio.gather(*(house(street, n) for n in range(2)))
        return [f"{house}, {town}" for house in houses]

    addresses = await asyncio.gather(*map(in_street, streets))
    say([address for street in addresses for address in street])


asyncio.run(main())
