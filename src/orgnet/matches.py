"""Identities that the roster does not have: who they may be, for a person to confirm."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import pandas as pd

from orgnet.errors import MissingColumnError, UnreadableFileError
from orgnet.identity import NAMED, Standing, resolve
from orgnet.schema import Profile

#: Columns of the sheet: HR puts a yes into ``confirmed`` where ``person`` is right.
SHEET = ("identity", "name", "person", "confirmed", "how", "score", "candidates")

_YES = frozenset({"yes", "y", "ja", "oui", "si", "sì", "sí", "true", "1", "x", "ok"})


def suggested_matches(
    identities: Sequence[str], profiles: Iterable[Profile], people: pd.DataFrame
) -> pd.DataFrame:
    """Return whom the identities that match nobody may stand for.

    Parameters
    ----------
    identities
        As they stand in the interactions.
    profiles
        What the exports say about them: names, addresses.
    people
        The roster.

    Returns
    -------
    pandas.DataFrame
        Columns `SHEET`, one row an identity that is not matched and is like somebody in the
        roster by display name, by what it was called in a survey, or by the words of its
        address. ``confirmed`` is empty: nothing of this is used until somebody says so.
    """
    from orgnet.name_matching import match_names

    known = {profile.identity: profile for profile in profiles}
    actors = resolve(identities, known.values(), people)
    names = {
        identity: name
        for identity, actor in zip(identities, actors.actor, strict=True)
        if actors.standing[actor] == Standing.OUT_OF_SCOPE
        and (name := _called(identity, known.get(identity)))
    }
    table = match_names(list(dict.fromkeys(names.values())), people)
    found = table.set_index("name").to_dict(orient="index")
    rows = []
    for identity, name in names.items():
        match = found[name]
        candidates = list(match["candidates"]) or [match["person"]]
        if candidates[0] is None or pd.isna(candidates[0]):
            continue
        rows.append(
            {
                "identity": identity,
                "name": name,
                "person": candidates[0],
                "confirmed": "",
                "how": match["how"] or "unsure",
                "score": round(float(match["score"])),
                "candidates": ";".join(candidates),
            }
        )
    return pd.DataFrame(rows, columns=list(SHEET))


def confirmed_matches(path: Path) -> dict[str, str]:
    """Read the confirmed rows of the sheet: identity to person.

    Raises
    ------
    UnreadableFileError
        If the file is no table.
    MissingColumnError
        If ``identity``, ``person`` or ``confirmed`` is not there.
    """
    try:
        sheet = pd.read_csv(
            path, sep=None, engine="python", dtype=str, keep_default_na=False, encoding="utf-8-sig"
        )
    except (OSError, ValueError) as error:
        raise UnreadableFileError(
            "the matches cannot be read as a table",
            file=path.name,
            remedy="give the CSV file that `orgnet people FILE... --people F` wrote",
        ) from error
    missing = [column for column in ("identity", "person", "confirmed") if column not in sheet]
    if missing:
        raise MissingColumnError(
            f"no column {missing[0]!r}; there are {list(sheet.columns)}",
            file=path.name,
            remedy="give the CSV file that `orgnet people FILE... --people F` wrote",
        )
    yes = sheet["confirmed"].str.strip().str.lower().isin(_YES) & (
        sheet["person"].str.strip() != ""
    )
    chosen = sheet[yes]
    return dict(zip(chosen["identity"].str.strip(), chosen["person"].str.strip(), strict=True))


def _called(identity: str, profile: Profile | None) -> str | None:
    if identity.startswith(NAMED):
        return identity.removeprefix(NAMED)
    if profile is not None and profile.name:
        return profile.name
    addresses = [a for a in (identity, *(profile.emails if profile else ())) if "@" in a]
    if not addresses:
        return None
    words = addresses[0].partition("@")[0].replace(".", " ").replace("_", " ")
    return words if " " in words.strip() else None
