"""What an engine is given: whom identities stand for, and records, looked at before it is."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from orgnet.bots import Senders
from orgnet.coding import FOLDER, order_of, parts
from orgnet.engines import Engine
from orgnet.identity import Actors
from orgnet.repeats import has_repeats


def give_people(engine: Engine, actors: Actors, stints: pd.DataFrame) -> None:
    """Make the tables ``actors`` and ``stints`` known."""
    engine.add(
        "given_actors",
        pa.table(
            {
                "identity": pa.array(np.arange(len(actors.actor), dtype=np.int32)),
                "actor": pa.array(actors.actor),
                "standing": pa.array(actors.standing[actors.actor]),
            }
        ),
    )
    # Asked for with every record: quicker as a table of the engine's own.
    engine.keep("actors", "SELECT * FROM given_actors")
    numbers = stints[["row", "stint", "first_day", "last_day"]].rename(columns={"row": "actor"})
    engine.add("stints", pa.Table.from_pandas(numbers, preserve_index=False))


def give_records(
    engine: Engine, folder: Path, actors: Actors, senders: Senders, beside: Executor
) -> Iterator[bool]:
    """Make coded records known as the table ``interactions``, as many as are good to do at once.

    Yields whether each of them stands alone. All are put to the senders, too. `beside` looks at
    the next part while the engine is at work on this one.
    """
    files = parts(folder)

    def look(file: Path) -> bool:
        order = order_of(file)
        senders.add(file, together=order.together)
        return has_repeats(file, order, actors)

    if not engine.one_by_one:
        looks = [beside.submit(look, file) for file in files]
        engine.add_file("interactions", folder / FOLDER)
        yield False
        for each in looks:
            each.result()
        return
    coming = beside.submit(look, files[0])
    for file, following in zip(files, [*files[1:], None], strict=True):
        repeats = coming.result()
        if following:
            coming = beside.submit(look, following)
        engine.add_file("interactions", file)
        yield not repeats
