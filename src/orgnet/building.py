"""From records and people to weekly ties and the network."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from orgnet.coding import code
from orgnet.engines import EngineChoice
from orgnet.errors import InputError, MissingColumnError
from orgnet.files import temporary_folder
from orgnet.identity import Actors, Standing, resolve
from orgnet.memberships import COLUMN, chart, departments_at, stints
from orgnet.network import Network, as_ids
from orgnet.pairs import week_numbers
from orgnet.reduction import Reduced, reduce
from orgnet.rules import BILLION, TieRules, monday
from orgnet.schema import CHANNELS, INTERACTIONS
from orgnet.ties import REMOVED

#: Columns that a table of interactions cannot do without; the others have a default.
_NEEDED = ("sender", "recipient", "channel", "kind")

_ANSWER_COLUMNS = ["person", "item", "value", "low", "high", "wave"]


@dataclass(frozen=True)
class WeeklyTies:
    """Weekly ties between people, and what became of every record on the way.

    Attributes
    ----------
    ties
        Schema `TIES` of `orgnet.schema`, ids and channels as categories of text. Where the roster
        says when people changed departments, also ``sender_department`` and
        ``recipient_department``: those of the day; contact on both sides of a change in one week
        is then two rows.
    people
        The roster or, without one, everybody seen; with ``observed``. Without those who opted out.
    everybody
        The same with bots, shared mailboxes and those who opted out.
    records
        Records read.
    kept
        Records that count towards a tie.
    removed
        Records removed by each rule of `REMOVED`, zero included.
    external, unmatched, not_people, opted_out
        Identities: of other organisations; missing in the roster; bots and shared mailboxes; and
        people who opted out.
    respondents
        People who answered a survey; they are observed even if they named nobody.
    proposed_bots
        ``person`` and ``rule`` of senders that behave like machines; they are not removed.
    stints
        When those who changed departments were where (`orgnet.memberships`); ``row`` is that of
        `everybody`.
    answers
        Answers of people to attitude items of surveys: ``person, item, value, low, high, wave``;
        ``low`` and ``high`` are the ends of the scale.
    """

    ties: pd.DataFrame
    people: pd.DataFrame
    everybody: pd.DataFrame
    records: int
    kept: int
    removed: dict[str, int]
    external: int
    unmatched: int
    not_people: int
    opted_out: int
    respondents: frozenset[str]
    proposed_bots: pd.DataFrame
    stints: pd.DataFrame
    answers: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=_ANSWER_COLUMNS))


def build_network(
    records: Any,
    people: pd.DataFrame | None = None,
    *,
    rules: TieRules | None = None,
    engine: EngineChoice | None = None,
) -> Network:
    """Build the network from records and a roster.

    Parameters
    ----------
    records
        What `orgnet.read` returns; or record batches or a table (pandas or Arrow) with the
        columns of ``interactions`` (`design.md` §3). A pandas table may leave out all but
        ``sender``, ``recipient``, ``channel`` and ``kind``.
    people
        The roster; None makes a person of everybody seen, without departments.
    rules
        How interactions become ties.
    engine
        What runs the reduction to weekly ties; DuckDB if not given.

    Returns
    -------
    Network
        `Network.dropped` counts what the noise rules removed. ``observed`` is False for roster
        people of whom no record was kept.

    Raises
    ------
    MissingColumnError
        If a table has no sender, recipient, channel or kind.
    InputError
        If a record has an unknown channel or kind, or an amount that is negative or no number;
        or two people of the roster have one address.
    """
    rules = rules or TieRules()
    return network_of(weekly_ties(records, people, rules=rules, engine=engine), rules=rules)


def network_of(weekly: WeeklyTies, *, rules: TieRules) -> Network:
    """Return the network of weekly ties.

    Weeks in which hardly anybody was active are left out. Observed is who was seen in the window:
    somebody who left before it is no part of what it shows.

    A window has one chart. Who changed departments stands where they were for most of its days,
    and contact that they had in it as members of another department is left out, counted in
    `Network.dropped` as ``other_department``: under the chart it would be contact between
    departments that it was not.
    """
    people, ties = weekly.people, weekly.ties
    holidays = holiday_weeks(ties, rules)
    removed = {reason: count for reason, count in weekly.removed.items() if count}
    weeks, dated = week_numbers(ties["week"])
    if dated.any():
        first, last = rules.window(int(weeks[dated].min()), int(weeks[dated].max()))
        inside = dated & (weeks >= first) & (weeks <= last)
        if len(weekly.stints):
            people, elsewhere = _on_one_chart(weekly, first, last)
            elsewhere &= inside
            if elsewhere.any():
                removed["other_department"] = int(elsewhere.sum())
            ties, inside = ties[~elsewhere], inside[~elsewhere]
        shown = ties[inside]
        seen = {*shown["sender"].unique(), *shown["recipient"].unique(), *weekly.respondents}
        people = people.assign(observed=people["person"].isin(seen))
    network = Network.from_ties(ties, people, rules=rules, holiday_weeks=holidays)
    return replace(network, dropped={**removed, **network.dropped})


def earlier_window(weekly: WeeklyTies, *, rules: TieRules) -> TieRules | None:
    """Return the rules of the window just before that of `rules`, of the same length.

    None where the data do not hold all of it, or have no dates.

    Examples
    --------
    >>> from datetime import date
    >>> ties = [(date(2026, 1, 5), "a", "b"), (date(2026, 6, 29), "a", "b")]
    >>> ties = pd.DataFrame(ties, columns=["sent_at", "sender", "recipient"])
    >>> weekly = weekly_ties(ties.assign(channel="chat", kind="dm"), None, rules=TieRules())
    >>> earlier = earlier_window(weekly, rules=TieRules())
    >>> str(earlier.first_day), str(earlier.last_day)
    ('2026-01-19', '2026-04-12')
    """
    weeks, dated = week_numbers(weekly.ties["week"])
    if not dated.any():
        return None
    start, end = int(weeks[dated].min()), int(weeks[dated].max())
    first, last = rules.window(start, end)
    length = last - first + 1
    if length < 1 or first - length < start:
        return None
    return replace(
        rules, first_day=monday(first - length), last_day=monday(first) - timedelta(days=1)
    )


def _on_one_chart(
    weekly: WeeklyTies, first_week: int, last_week: int
) -> tuple[pd.DataFrame, npt.NDArray[np.bool_]]:
    """Return the people of a window's chart, and which ties were had in another department."""
    where = chart(weekly.stints, first_week, last_week)
    where.index = pd.Index(weekly.everybody["person"].to_numpy()[where.index])
    people = weekly.people.copy()
    movers = people["person"].isin(where.index)
    for column in where.columns.intersection(people.columns):
        chosen = where[column].to_dict()
        people.loc[movers, column] = [chosen[person] for person in people["person"][movers]]
    elsewhere = np.zeros(len(weekly.ties), dtype=bool)
    department = where["department"].to_dict()
    for end in ("sender", "recipient"):
        moved = weekly.ties[end].isin(where.index).to_numpy()
        now = [department[person] for person in weekly.ties[end][moved]]
        then = weekly.ties[f"{end}_department"].to_numpy(dtype=object)[moved]
        elsewhere[moved] |= then != np.asarray(now, dtype=object)
    return people, elsewhere


def weekly_ties(
    records: Any,
    people: pd.DataFrame | None,
    *,
    rules: TieRules,
    matches: Mapping[str, str] | None = None,
    left_out: Callable[[Sequence[str]], bool] | None = None,
    engine: EngineChoice | None = None,
) -> WeeklyTies:
    """Reduce records to weekly ties between people, out of core, every removal counted.

    `matches` holds identities that somebody confirmed, with the person ids they stand for;
    `left_out` says of all that a person goes by whether they asked to be forgotten. `engine` does
    the reduction, which is the same in each of them.
    """
    engine = engine or EngineChoice()
    with temporary_folder(engine.folder) as folder:
        identities, count = code(_batches(records), folder)
        profiles = list(getattr(records, "profiles", ()))
        respondents: set[str] = getattr(records, "respondents", set())
        identities = list(dict.fromkeys([*identities, *sorted(respondents)]))
        actors = resolve(identities, profiles, people, matches=matches, left_out=left_out)
        moves = stints(actors.people)
        reduced = reduce(folder, actors, rules, count, moves, engine)
    answered = np.isin(np.asarray(identities, dtype=object), list(respondents))
    weekly = weekly_of(reduced, actors, count, actors.actor[answered], moves)
    return replace(
        weekly,
        answers=answers_of(records, weekly, dict(zip(identities, actors.actor, strict=True))),
    )


def answers_of(records: Any, weekly: WeeklyTies, actor: Mapping[str, int]) -> pd.DataFrame:
    """Return the answers of people who did not opt out, in the order of the survey.

    `actor` holds for each identity the row of `WeeklyTies.everybody`, or a larger number.
    """
    ids = weekly.everybody["person"].tolist()
    people = set(weekly.people["person"])
    rows = [
        (ids[row], answer.item, answer.value, low, high, answer.wave)
        for answer, (low, high) in getattr(records, "answers", ())
        if (row := actor.get(answer.person, len(ids))) < len(ids) and ids[row] in people
    ]
    return pd.DataFrame(rows, columns=_ANSWER_COLUMNS)


def holiday_weeks(ties: pd.DataFrame, rules: TieRules) -> tuple[int, ...]:
    """Return the weeks with fewer active people than `rules.holiday_share` of the median week.

    Only weeks inside the window count, calendar weeks without any tie included.
    """
    dated = np.flatnonzero(ties["week"].notna() & (ties["interactions"] > 0))
    if not len(dated):
        return ()
    weeks, _ = week_numbers(ties["week"].iloc[dated])
    first, last = rules.window(int(weeks.min()), int(weeks.max()))
    if last < first:
        return ()
    inside = (weeks >= first) & (weeks <= last)
    dated, weeks = dated[inside], weeks[inside]
    ends = [ties[end].iloc[dated] for end in ("sender", "recipient")]
    codes, people = pd.factorize(pd.concat(ends, ignore_index=True))
    seen = np.zeros((last - first + 1, len(people)), dtype=bool)
    for end in np.split(codes, 2):
        seen[weeks - first, end] = True
    active = seen.sum(axis=1)
    few = active < rules.holiday_share * float(np.median(active))
    return tuple(int(week) for week in first + np.flatnonzero(few))


def _batches(records: Any) -> Iterable[pa.RecordBatch]:
    if isinstance(records, pd.DataFrame):
        records = _from_pandas(records)
    if isinstance(records, pa.Table):
        return list(records.to_batches())
    return records  # type: ignore[no-any-return]


def _from_pandas(records: pd.DataFrame) -> pa.Table:
    for column in _NEEDED:
        if column not in records.columns:
            raise MissingColumnError(
                f"no column {column!r}; the interactions have {list(records.columns)}",
                remedy=f"a table of interactions needs {', '.join(_NEEDED)}",
            )
    missing = [c for c in INTERACTIONS.names if c not in records.columns]
    frame = records.assign(**dict.fromkeys(missing)).loc[:, INTERACTIONS.names]
    for end in ("sender", "recipient"):
        frame[end] = as_ids(frame[end])
        nobody = frame[end].to_numpy() == ""
        if nobody.any():
            raise InputError(
                f"there is no {end}",
                place=f"row {int(nobody.argmax()) + 1} of the interactions",
                remedy="fill in or remove the row",
            )
    # Arrow refuses times that are finer than its own.
    frame["sent_at"] = pd.to_datetime(frame["sent_at"], utc=True).dt.as_unit("us")
    if "recipients" in missing:
        frame["recipients"] = 1
    if "message" in missing:
        frame["message"] = [f"row:{row}" for row in range(len(frame))]
    if "source" in missing:
        frame["source"] = "table"
    return pa.Table.from_pandas(frame, INTERACTIONS, preserve_index=False)


def _mondays(weeks: pd.Series[Any]) -> npt.NDArray[np.datetime64]:
    """Return the first days of weeks; with millions of them, in one array from first to last."""
    undated = weeks.isna().to_numpy()
    days = weeks.fillna(0).to_numpy() if undated.any() else weeks.to_numpy()
    seconds = days.astype(np.int64)
    seconds *= 7
    seconds -= 3
    seconds *= 24 * 3600
    mondays = seconds.view("datetime64[s]")
    mondays[undated] = np.datetime64("NaT")
    return mondays


def _categories(codes: npt.NDArray[Any], names: Iterable[str]) -> pd.Categorical[str]:
    """Return names by their numbers, each name once in memory."""
    return pd.Categorical.from_codes(codes, categories=pd.Index(list(names)))


def weekly_of(
    reduced: Reduced,
    actors: Actors,
    count: int,
    respondents: npt.NDArray[np.int32],
    moves: pd.DataFrame,
) -> WeeklyTies:
    """Name the people in what came out of the reduction.

    Parameters
    ----------
    reduced
        Ties between rows of the people, counts by reason.
    actors
        The people and their standing, and how many identities are none of them.
    count
        Records read.
    respondents
        Actors who answered a survey.
    moves
        What `orgnet.memberships.stints` returns of the people.
    """
    coded, counts = reduced.ties, reduced.counts
    people = actors.people.drop(columns=COLUMN, errors="ignore")
    ids = people["person"].to_numpy(dtype=object)
    sender = coded["sender"].to_numpy()
    recipient = coded["recipient"].to_numpy()
    observed = np.zeros(len(people), dtype=bool)
    answered = np.zeros(len(people), dtype=bool)
    answered[respondents[respondents < len(people)]] = True
    observed[sender] = True
    observed[recipient] = True
    ties = pd.DataFrame(
        {
            "week": _mondays(coded["week"]),
            "sender": _categories(sender, ids),
            "recipient": _categories(recipient, ids),
            "channel": _categories(coded["channel"].to_numpy(), CHANNELS),
            "interactions": coded["interactions"].to_numpy(dtype=np.int64),
            "strength": coded["billionths"].to_numpy(dtype=float) / BILLION,
        },
        copy=False,
    )
    if len(moves):
        for end, ends in (("sender", sender), ("recipient", recipient)):
            numbers = coded[f"{end}_stint"].to_numpy()
            ties[f"{end}_department"] = departments_at(moves, people, ends, numbers)
    removed = dict.fromkeys(REMOVED, 0)
    for reason, (rows, repeats) in counts.items():
        removed["duplicate"] += repeats
        if reason != "kept":
            removed[reason] = rows
    standing = actors.standing[: len(people)]
    persons = standing == Standing.PERSON
    return WeeklyTies(
        ties=ties,
        people=people.assign(observed=observed | answered)[persons].reset_index(drop=True),
        everybody=people,
        records=count,
        kept=counts.get("kept", (0, 0))[0],
        removed=removed,
        external=actors.external,
        unmatched=actors.unmatched,
        not_people=actors.not_people,
        opted_out=int((standing == Standing.OPTED_OUT).sum()),
        respondents=frozenset(ids[answered & persons]),
        proposed_bots=pd.DataFrame(
            {
                "person": ids[reduced.proposed_bots["actor"].to_numpy()],
                "rule": reduced.proposed_bots["rule"],
            }
        ),
        stints=moves,
    )
