"""The interactions of a mail log whose rows were brought into DuckDB."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pyarrow as pa

from orgnet.schema import Ledger, ReadOptions, Source
from orgnet_connectors.mail_log_store import LogStore
from orgnet_connectors.mail_parcels import Outcome, write_parcels

__all__ = ["Outcome", "write_deliveries"]


def write_deliveries(
    store: LogStore,
    told: str,
    outcomes: Sequence[Outcome],
    source: Source,
    options: ReadOptions,
    ledger: Ledger,
    *,
    name: str,
    zone_stated: bool,
) -> Iterator[pa.RecordBatch]:
    """Yield one interaction a mail and recipient, and tell the ledger of every row.

    Parameters
    ----------
    store, told
        As in `LogStore.parcels`.
    outcomes
        Why recipients give no record. Of a row with several, the first counts.
    source, options, ledger
        As in `orgnet.schema.Connector.read`.
    name
        Of the connector.
    zone_stated
        Whether the format settles that times without a zone are UTC.

    Raises
    ------
    AmbiguousInputError
        If dates do not show whether the day or the month stands first.
    InputError
        If every row is wrong.
    """
    yield from write_parcels(
        store.parcels(told),
        outcomes,
        source,
        options,
        ledger,
        name=name,
        place=store.place,
        zone_stated=zone_stated,
    )
