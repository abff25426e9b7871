"""Required contact on its way out: what is shown, told in words, withheld, and never given away."""

import json
from itertools import product

import numpy as np
import pandas as pd
import pytest

import orgnet.disclosure.requirements
from attack.invented_firms import firm as invented_firm
from disclosure.test_release import members, mesh
from orgnet.diagnosis import Diagnosis, diagnose
from orgnet.disclosure import DisclosurePolicy, release
from orgnet.disclosure.requirements import ReleasedRequirements, _link
from orgnet.network import Network
from orgnet.report_model import Index, Pair, ReportModel, RequiredLink, Requirements

FIRMS = range(12)


def needs(*pairs: str) -> pd.DataFrame:
    """Requirements of pairs such as ``AB``, the first needed most."""
    weights = range(len(pairs), 0, -1)
    return pd.DataFrame([(*pair, w) for pair, w in zip(pairs, weights, strict=True)],
                        columns=["group_a", "group_b", "weight"])  # fmt: skip


def firm(
    sizes: list[int],
    ties: list[tuple[str, str]],
    required: pd.DataFrame,
    **columns: object,
) -> Diagnosis:
    people = pd.DataFrame(
        {"person": [person for g, size in enumerate(sizes) for person in members(g, size)]}
    )
    people["department"] = people["person"].str[0]
    people = people.assign(**columns)
    inside = [
        (a, b)
        for g, size in enumerate(sizes)
        for a, b in zip(members(g, size), members(g, size)[1:], strict=False)
    ]
    table = pd.DataFrame(inside + ties, columns=["sender", "recipient"])
    network = Network.from_ties(table, people, directed=False)
    return diagnose(network, requirements=required, draws=20, robustness_draws=0)


def link(model: ReportModel, pair: str) -> RequiredLink:
    assert model.requirements is not None
    return next(one for one in model.requirements.links if one.group_a + one.group_b == pair)


SIZES = [24] * 5


@pytest.fixture(scope="module")
def model() -> ReportModel:
    rest = [(a, b) for a, b in mesh(SIZES, modulus=6) if a[0] + b[0] not in ("AB", "AC", "AD")]
    thin = [("A01", "C01"), ("A02", "C02")]
    held = [("A01", f"D{i:02d}") for i in range(4)]
    return release(firm(SIZES, rest + thin + held, needs("AB", "AC", "AD", "BC")))


def test_no_regular_contact_is_said_to_be_missing(model: ReportModel) -> None:
    found = link(model, "AB")
    assert (found.regular, found.target, found.state, found.reason) == (0, 3, "missing", None)
    assert found.gap == found.required == 0.4


def test_contact_of_few_people_below_the_target_is_thin_and_has_no_number(
    model: ReportModel,
) -> None:
    found = link(model, "AC")
    assert (found.regular, found.gap) == (None, None)
    assert (found.state, found.reason) == ("thin", "few_people")


def test_nothing_is_said_of_few_people_whose_contact_is_enough(model: ReportModel) -> None:
    found = link(model, "AD")
    assert (found.regular, found.gap, found.state, found.reason) == (
        None, None, None, "few_people",
    )  # fmt: skip


def test_contact_that_is_enough_has_its_number_and_no_gap() -> None:
    found = link(release(firm(SIZES, mesh(SIZES, modulus=6), needs("BC"))), "BC")
    assert (found.regular, found.target, found.state, found.gap) == (96, 3, "met", 0.0)


def test_a_number_is_withheld_with_that_of_the_pair(model: ReportModel) -> None:
    (pair,) = [one for one in model.pairs if (one.group_a, one.group_b) == ("B", "C")]
    assert pair.ties is None
    assert (link(model, "BC").regular, link(model, "BC").reason) == (None, pair.reason)


def test_where_few_did_not_agree_to_a_team_edition_numbers_become_words() -> None:
    agreed = [True] * 118 + [False] * 2
    found = link(release(firm(SIZES, mesh(SIZES, modulus=6), needs("BC"), agreed=agreed)), "BC")
    assert (found.regular, found.state, found.reason) == (None, "met", "complementary")


def test_the_work_list_is_ordered_by_what_is_told(model: ReportModel) -> None:
    assert model.requirements is not None
    order = [one.group_a + one.group_b for one in model.requirements.links]
    assert order == ["AB", "AC", "AD", "BC"]


def test_of_two_that_should_meet_one_regular_tie_is_not_told_by_a_word() -> None:
    sizes = [9] * 5
    rest = [(a, b) for a, b in mesh(sizes) if (a[0], b[0]) != ("A", "B")]
    found = link(release(firm(sizes, [*rest, ("A01", "B01")], needs("AB", "BC"))), "AB")
    assert (found.target, found.state, found.reason) == (2, None, "few_people")


def test_sums_that_would_give_a_pair_away_are_withheld_with_the_index() -> None:
    sizes = [24] * 5
    rest = [(a, b) for a, b in mesh(sizes, modulus=6) if (a[0], b[0]) != ("A", "B")]
    model = release(firm(sizes, [*rest, ("A01", "B01")], needs("AB")))

    assert model.requirements is not None
    assert (model.requirements.congruence, model.requirements.lift) == (None, None)
    assert (model.index.value, model.index.coverage) == (None, None)
    assert model.index.reason == "few_people"


def test_without_withheld_pairs_sums_are_told_to_the_hundredth() -> None:
    model = release(firm(SIZES, mesh(SIZES, modulus=6), needs("AB", "BC")))
    assert model.requirements is not None
    assert model.requirements.congruence == 1.0
    assert model.requirements.unneeded_share == 0.8
    assert model.index.coverage == 100.0


def test_a_department_that_is_not_shown_is_in_no_link() -> None:
    sizes = [24, 24, 24, 24, 4]
    model = release(firm(sizes, mesh(sizes, modulus=6), needs("AE", "AB", "BC", "CD")))
    assert model.requirements is not None
    assert '"E"' not in json.dumps(model.to_dict())
    assert sum(one.required for one in model.requirements.links) == pytest.approx(0.6)


def test_a_weak_link_that_the_work_needs_says_so() -> None:
    rest = [(a, b) for a, b in mesh(SIZES, modulus=6) if (a[0], b[0]) != ("A", "B")]
    found = release(firm(SIZES, rest, needs("AB", "BC"))).findings
    (weak,) = [finding for finding in found if finding.kind == "weak_link"]

    assert weak.headline == "A and B need each other and do not connect"
    assert weak.statement.endswith(
        "The work of both requires contact, 67% of all that is required, and none of it is regular."
    )


def test_without_requirements_nothing_is_said_to_be_needed() -> None:
    rest = [(a, b) for a, b in mesh(SIZES, modulus=6) if (a[0], b[0]) != ("A", "B")]
    model = release(firm(SIZES, rest, needs("BC")))
    (weak,) = [finding for finding in model.findings if finding.kind == "weak_link"]
    assert weak.headline == "A and B do not connect"


@pytest.mark.parametrize(
    ("step", "coverage", "reason"), [(0.01, 71.3, None), (0.1, 70.0, None), (None, None, "few")]
)
def test_the_index_is_as_exact_as_the_sums(
    step: float | None, coverage: float | None, reason: str | None
) -> None:
    figures = dict.fromkeys(orgnet.disclosure.requirements._INDEX, 71.3)
    told = ReleasedRequirements(
        Requirements(congruence=None, lift=None, unneeded_share=None, links=()), step
    ).guarded(Index(**figures))
    assert told.coverage == coverage
    assert (told.reason or "").startswith(reason or "")


def required(seed: int) -> pd.DataFrame:
    """Some requirements of an invented firm; few of them, so that sums say much."""
    rng = np.random.default_rng(seed)
    names = invented_firm(seed).groups("department").names
    pairs = [(a, b) for i, a in enumerate(names) for b in names[i + 1 :]]
    chosen = rng.choice(len(pairs), min(len(pairs), 2 + seed % 4), replace=False)
    rows = [(*pairs[at], int(rng.integers(1, 5))) for at in chosen]
    return pd.DataFrame(rows, columns=["group_a", "group_b", "weight"])


def released(seed: int) -> tuple[ReportModel, Diagnosis]:
    found = diagnose(
        invented_firm(seed), requirements=required(seed), draws=20, robustness_draws=0, seed=1
    )
    return release(found, DisclosurePolicy(minimum_group=3)), found


def possible_counts(model: ReportModel, groups: int) -> dict[tuple[str, str], set[int]]:
    """Return what each withheld pair may hold, by everything that the sums say."""
    told = model.requirements
    if told is None:
        return {}
    known = [one for one in told.links if one.gap is not None]
    hidden = [one for one in told.links if one.gap is None and one.state is None]
    thin = [one for one in told.links if one.state == "thin" and one.reason]
    ranges = [range(1, one.target + 1) for one in hidden]
    # Nothing is said above a target of two only where contact is enough.
    ranges = [
        r if one.target == 2 else range(one.target, one.target + 1)
        for r, one in zip(ranges, hidden, strict=True)
    ]
    ranges += [range(1, one.target) for one in thin]
    unknown = [*hidden, *thin]
    unseen = 1 - sum(one.required for one in told.links)
    pairs = groups * (groups - 1) / 2
    others = pairs - len(told.links)
    base = sum(one.required - (one.gap or 0.0) for one in known)
    contact = sum(1 - (one.gap or 0.0) / one.required for one in known)
    found: dict[tuple[str, str], set[int]] = {(o.group_a, o.group_b): set() for o in unknown}
    for world in product(*ranges):
        met = [count / one.target for count, one in zip(world, unknown, strict=True)]
        low = base + sum(one.required * m for one, m in zip(unknown, met, strict=True))
        if told.congruence is not None:
            if not low - 0.051 <= told.congruence <= low + unseen + 0.051:
                continue
            most = low - (contact + sum(met)) / pairs
            least = most - others / pairs
            lift = told.lift or 0.0
            if not least - 0.051 <= lift <= most + unseen + 0.051:
                continue
        for count, one in zip(world, unknown, strict=True):
            found[one.group_a, one.group_b].add(count)
    return {
        (one.group_a, one.group_b): found[one.group_a, one.group_b]
        for one, options in zip(unknown, ranges, strict=True)
        if len(options) > 1
    }


@pytest.mark.parametrize("seed", FIRMS)
def test_no_withheld_pair_can_be_worked_out_from_the_sums(seed: int) -> None:
    model, diagnosis = released(seed)
    options = possible_counts(model, len(diagnosis.groups.names))
    assert {pair: counts for pair, counts in options.items() if len(counts) < 2} == {}


@pytest.mark.parametrize("seed", FIRMS)
def test_no_number_stands_for_few_people(seed: int) -> None:
    model, diagnosis = released(seed)
    network, groups = diagnosis.network, diagnosis.groups
    place = {name: at for at, name in enumerate(groups.names)}
    a, b, _ = network.between(groups)
    regular = network.pairs.regular
    for one in model.requirements.links if model.requirements else ():
        ends = (place[one.group_a], place[one.group_b])
        between = regular & (np.minimum(a, b) == min(ends)) & (np.maximum(a, b) == max(ends))
        people = np.union1d(network.pairs.first[between], network.pairs.second[between])
        sides = [int((groups.codes[people] == end).sum()) for end in ends]
        assert one.regular is None or one.regular == 0 or min(sides) >= 3


def test_the_firms_withhold_something_and_it_would_be_noticed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        orgnet.disclosure.requirements, "_told_step", lambda links, sums, policy: 0.01
    )
    found = []
    for seed in FIRMS:
        model, diagnosis = released(seed)
        found += possible_counts(model, len(diagnosis.groups.names)).values()
    assert any(len(counts) < 2 for counts in found)


@pytest.mark.parametrize("ties", [None, *range(5, 30)])
@pytest.mark.parametrize("size", [5, 8, 12, 20, 24, 40, 60])
def test_what_is_said_of_a_withheld_number_leaves_it_open_by_a_fifth(
    size: int, ties: int | None
) -> None:
    """The attacker has the ties of the pair, reason and words, and tries out every number."""
    policy = DisclosurePolicy()
    pair = Pair(group_a="A", group_b="B", ties=ties, expected=None, ratio=None, low=None,
                high=None, q=None, contact=None)  # fmt: skip
    most = 200 if ties is None else ties
    said: dict[tuple[object, ...], list[int]] = {}
    for regular in range(1, most + 1):
        row = {"group_a": "A", "group_b": "B", "regular_ties": regular, "required": 1.0}
        # Few people on one side, or enough of which one has most.
        for behind in ((3, 0.4, 1.0), (5, 0.6, 0.5)) if regular >= 5 else ((3, 0.4, 1.0),):
            sizes = {"A": size, "B": size}
            told = _link(row, policy, sizes, pair, {("A", "B"): behind}, in_words=False).released()
            assert told.regular is None
            said.setdefault((told.reason, told.state, told.gap), []).append(regular)
    for words, fitting in said.items():
        low, high = min(fitting), max(fitting)
        if ties is None and high == most:
            continue
        assert high - low >= max(0.2 * high, 1), (words, fitting)
