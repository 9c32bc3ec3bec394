"""A program for a test: a session whose kernel takes more memory than its control group has. Prints what became of it."""

import sys
from pathlib import Path

from quire.protocol import commands as c

from .real import World, story

HOG = "rows = []\nwhile True:\n    rows.append(bytearray(10**6))"


async def tell(world: World) -> None:
    await world.idle()
    world.write(1, HOG)
    world.run(1)
    await world.dead()
    print(world.said)
    print(*world.outcomes())
    world.ask(c.RestartKernel(run="again"))
    await world.until(lambda: world.state.kernel == "idle" and not world.cell(2).stale)
    print("idle:", *world.outcomes())


story(Path(sys.argv[1]), tell, "x = 1", "y = x", "x + 1")
