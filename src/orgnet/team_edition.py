"""From the restricted part of a results folder to the team edition, with the roster given again.

Pseudonyms are one-way: whose tie is whose is known only by hashing the roster's ids once more.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from orgnet.disclosure import in_language
from orgnet.disclosure.team import release_team
from orgnet.errors import InputError, UsageError
from orgnet.identity import mark_left_out
from orgnet.network import as_ids
from orgnet.pseudonyms import project_key, pseudonyms
from orgnet.report_model import TeamModel
from orgnet.restricted.forgotten import read_forgotten
from orgnet.results import read_model, read_restricted, read_rules
from orgnet.roster import read_people


def team_model(
    folder: Path,
    *,
    people: Path | None,
    language: str | None = None,
    project: str = "default",
    key_file: Path | None = None,
) -> TeamModel:
    """Return what the team edition of a results folder shows.

    Parameters
    ----------
    folder
        A results folder with its restricted part.
    people
        The roster, as it is now, with the column ``agreed``.
    language
        By default that in which the folder was written.
    project, key_file
        Which pseudonym key the results were written with.

    Raises
    ------
    UsageError
        Without a roster.
    InputError
        If the edition is refused, see `orgnet.disclosure.team.release_team`; if the folder lacks
        its restricted part; or if nobody of the roster is in the results.
    """
    if people is None:
        raise UsageError(
            "the team edition names those who agreed; give the roster with the column 'agreed' "
            "with --people"
        )
    groups = read_model(folder)
    if language is not None:
        groups = in_language(groups, language)
    roster = read_people(people)
    forgotten = read_forgotten(folder, project=project, key_file=key_file)
    if forgotten is not None:
        roster = mark_left_out(roster, forgotten.includes)
    ties = read_restricted(folder, "ties")
    key = project_key(project, file=key_file, make=False)
    ids = as_ids(roster["person"]).tolist()
    named = _named(ties, dict(zip(pseudonyms(ids, key), ids, strict=True)))
    if len(ties) and named.empty:
        raise InputError(
            f"nobody of its {len(roster):,} people is in these results",
            file=people.name,
            remedy="give the roster that was analysed, and the --key or --project of that run",
        )
    return release_team(named, roster, groups, rules=read_rules(folder))


def _named(ties: pd.DataFrame, who: dict[str, str]) -> pd.DataFrame:
    """Return the ties between people of the roster, with ids in place of pseudonyms."""
    named = ties.assign(sender=ties["sender"].map(who), recipient=ties["recipient"].map(who))
    return named[named["sender"].notna() & named["recipient"].notna()]
