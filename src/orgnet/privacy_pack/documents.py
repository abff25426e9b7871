"""From facts to papers: which sentence stands where, and on which fact it hangs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from orgnet.privacy_pack.facts import Facts, SourceFacts
from orgnet.restricted.retention import KEEP_MONTHS
from orgnet.words import Words, load_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A stretch of a paper.

    Attributes
    ----------
    heading
        Above it; empty where it needs none.
    sentences
        As paragraphs, or with `listed` as points.
    header, rows
        A table, where there are rows.
    """

    heading: str = ""
    sentences: tuple[str, ...] = ()
    listed: bool = False
    header: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One draft.

    Attributes
    ----------
    key
        ``record``, ``assessment``, ``notice``, ``council``, ``minimisation`` or ``retention``.
    title
        Its heading.
    parts
        What it says.
    """

    key: str
    title: str
    parts: tuple[Part, ...]


def pack_words(language: str) -> Words:
    """Return the sentences of the papers with the figures of the language."""
    return load_words("orgnet", language) | load_words("orgnet.privacy_pack", language)


def papers(facts: Facts, words: Words) -> tuple[Paper, ...]:
    """Return the six papers of a run."""
    make = {
        "record": _record,
        "assessment": _assessment,
        "notice": _notice,
        "council": _council,
        "minimisation": _minimisation,
        "retention": _retention,
    }
    return tuple(
        Paper(key=key, title=words(f"paper.{key}"), parts=tuple(parts(facts, words)))
        for key, parts in make.items()
    )


def _record(facts: Facts, words: Words) -> Iterator[Part]:
    told = {
        "controller": [words("fill_in")],
        "purpose": [words("purpose")],
        "basis": [words("basis")],
        "people": [words("people", people=facts.people), *_opted_out(facts, words)],
        "data": _data(facts, words),
        "recipients": _recipients(facts, words),
        "transfer": [words("transfer")],
        "erasure": _erasure(facts, words),
        "measures": _measures(facts, words),
    }
    rows = tuple((words(f"row.{key}"), " ".join(said)) for key, said in told.items())
    yield Part(header=(words("row.item"), words("row.entry")), rows=rows)


def _assessment(facts: Facts, words: Words) -> Iterator[Part]:
    yield Part(
        heading=words("heading.processing"),
        sentences=(words("purpose"), *_data(facts, words), words("people", people=facts.people)),
    )
    yield Part(heading=words("heading.need"), sentences=(words("need"), words("period_kept")))
    risks = ("singled_out", "pressure", "other_use", "access")
    yield Part(
        heading=words("heading.risks"),
        header=(words("row.risk"), words("row.answer")),
        rows=tuple((words(f"risk.{key}"), words(f"risk_answer.{key}")) for key in risks),
    )
    yield Part(
        heading=words("heading.measures"), sentences=tuple(_measures(facts, words)), listed=True
    )
    yield Part(
        heading=words("heading.open"),
        sentences=tuple(words(f"open.{key}") for key in ("basis", "consulted", "access", "date")),
        listed=True,
    )


def _notice(facts: Facts, words: Words) -> Iterator[Part]:
    yield Part(heading=words("heading.what"), sentences=(words("purpose"), *_data(facts, words)))
    yield Part(heading=words("heading.not"), sentences=(words("never"),))
    yield Part(heading=words("heading.who_sees"), sentences=tuple(_recipients(facts, words)))
    yield Part(heading=words("heading.how_long"), sentences=tuple(_erasure(facts, words)))
    yield Part(heading=words("heading.rights"), sentences=(words("rights"), words("contact")))


def _council(facts: Facts, words: Words) -> Iterator[Part]:
    yield Part(heading=words("heading.law"), sentences=(words("law"),))
    yield Part(heading=words("heading.what"), sentences=(words("purpose"), *_data(facts, words)))
    yield Part(heading=words("heading.not"), sentences=(words("never"),))
    yield Part(
        heading=words("heading.measures"), sentences=tuple(_measures(facts, words)), listed=True
    )
    yield Part(heading=words("heading.who_sees"), sentences=tuple(_recipients(facts, words)))
    yield Part(
        heading=words("heading.agree"),
        sentences=tuple(words(f"agree.{key}") for key in ("purpose", "people", "use", "end")),
        listed=True,
    )


def _minimisation(facts: Facts, words: Words) -> Iterator[Part]:
    count = words.figures.count
    yield Part(sentences=(words("dropped"),))
    yield Part(
        header=tuple(words(f"row.{key}") for key in ("source", "read", "kept", "dropped")),
        rows=tuple(
            (
                _title(source, words),
                count(source.read),
                count(source.kept),
                ", ".join(source.dropped) or words("nothing"),
            )
            for source in facts.sources
        ),
    )
    yield Part(sentences=tuple(_opted_out(facts, words)))


def _retention(facts: Facts, words: Words) -> Iterator[Part]:
    yield Part(heading=words("heading.how_long"), sentences=tuple(_erasure(facts, words)))
    yield Part(heading=words("heading.access"), sentences=tuple(_access(facts, words)), listed=True)
    yield Part(heading=words("heading.who_sees"), sentences=tuple(_recipients(facts, words)))


def _title(source: SourceFacts, words: Words) -> str:
    """Return what kind of export it was; a connector of strangers says so in its own words."""
    key = f"source_title.{source.connector}"
    return words(key) if key in words else source.title


def _data(facts: Facts, words: Words) -> list[str]:
    said = [words("data")]
    if facts.first is not None and facts.last is not None:
        said.append(words("period", first=facts.first, last=facts.last))
    else:
        said.append(words("undated"))
    if facts.survey:
        said.append(words("survey"))
    return said


def _opted_out(facts: Facts, words: Words) -> list[str]:
    if isinstance(facts.opted_out, str):
        return [words("opted_out.few", minimum=facts.minimum_group)]
    if facts.opted_out == 0:
        # Beside a list of forgotten people it would not be true.
        return [] if facts.forgetting else [words("opted_out.none")]
    return [words("opted_out.some", people=facts.opted_out)]


def _recipients(facts: Facts, words: Words) -> list[str]:
    said = [words("recipients", minimum=facts.minimum_group)]
    if facts.trail is None:
        said.append(words("with_people.unknown"))
    elif facts.trail.with_people == 0:
        said.append(words("with_people.none"))
    else:
        said.append(
            words(
                "with_people.some",
                outputs=facts.trail.with_people,
                named=facts.trail.with_names,
            )
        )
    if facts.outputs:
        said.append(words("outputs.listed", files=", ".join(facts.outputs)))
    return said


def _erasure(facts: Facts, words: Words) -> list[str]:
    said = [words("raw")]
    if facts.ties is None:
        said.append(words("store.none"))
    elif facts.ties == 0:
        said.append(words("store.empty"))
    elif facts.oldest is None:
        said.append(words("store.undated", ties=facts.ties))
    else:
        said.append(words("store.dated", ties=facts.ties, oldest=facts.oldest))
        said.append(
            words("store.overdue" if facts.overdue else "store.in_time", months=KEEP_MONTHS)
        )
    if facts.counts is not None and facts.counts.rows:
        said.append(words("counts.dated", rows=facts.counts.rows))
        said.append(words("counts.digests", digests=facts.counts.digests))
        said.append(words("counts.identities", identities=facts.counts.identities))
    if facts.figures:
        said.append(words("figures.stored", people=facts.figures))
    if facts.releases:
        said.append(words("releases", releases=facts.releases))
    return said


def _measures(facts: Facts, words: Words) -> list[str]:
    said = [
        words("measure.minimum", minimum=facts.minimum_group),
        words("measure.dominance", share=facts.dominance),
        words(f"measure.concentration_{facts.concentration}"),
        words("measure.subtraction", share=facts.protection),
    ]
    if facts.withheld:
        said.append(words("measure.withheld", figures=facts.withheld))
    if facts.whole_only:
        said.append(words("measure.whole_only"))
    if facts.forgetting:
        said.append(words("measure.forgotten"))
    if facts.trail is not None and facts.trail.outdated:
        said.append(words("measure.outdated"))
    return [*said, *_opted_out(facts, words), *_access(facts, words)]


def _access(facts: Facts, words: Words) -> list[str]:
    said = []
    if facts.ties is not None:
        said.append(words("measure.pseudonyms"))
        said.append(words("key.inside" if facts.key_inside else "key.outside"))
    if facts.store_closed is not None:
        said.append(words("closed.yes" if facts.store_closed else "closed.no"))
    if facts.trail is None:
        said.append(words("trail.none"))
    else:
        key = "trail.intact" if facts.trail.intact else "trail.broken"
        said.append(words(key, entries=facts.trail.lines))
        said.append(words("outputs.trail"))
    return said
