"""The scales of survey answers: worded or numbered, in seven languages, and what is no answer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Literal

from msgspec import Struct

from orgnet_connectors.headings import heading_key
from orgnet_connectors.list_cells import read_number

ScaleKind = Literal["numbers", "frequency", "agreement", "satisfaction", "extent"]

#: Numbered scales go from 0 or 1 to at most this.
LARGEST_RATING = 10

#: Where numbered scales end.
_USUAL_ENDS = (1, 2, 3, 4, 5, 7, LARGEST_RATING)

#: This share of the different answers must be on a scale, so that a stray remark does no harm.
LEAST_SHARE = 0.8

_CODED = re.compile(r"\s*(-?\d{1,2})\s*(?:[-–—=:.)]\s*|\s+[-–—]\s*)\D.*", re.DOTALL)

#: How often, as ranks that mean the same in every survey: 0 is no contact.
_FREQUENCY = {
    0: "never|not at all|no contact|do not know this person|i do not know this person|none|"
    "nie|niemals|gar nicht|kein kontakt|jamais|pas du tout|nunca|mai|nooit|nigdy|jamas",
    1: "rarely|seldom|hardly ever|almost never|very rarely|yearly|once a year|less than monthly|"
    "less often|less than once a month|quarterly|every few months|a few times a year|"
    "several times a year|selten|sehr selten|rarement|raramente|rara vez|casi nunca|zelden|"
    "rzadko|quase nunca|jährlich|chaque année|seltener als monatlich",
    2: "sometimes|occasionally|monthly|once a month|at least monthly|every month|"
    "a few times a month|several times a month|every two weeks|manchmal|gelegentlich|monatlich|"
    "parfois|quelquefois|mensuellement|tous les mois|a veces|algunas veces|mensualmente|"
    "qualche volta|a volte|mensilmente|soms|af en toe|maandelijks|czasami|co miesiąc|"
    "às vezes|mensalmente|algumas vezes",
    3: "often|frequently|regularly|weekly|once a week|at least weekly|every week|oft|häufig|"
    "regelmäßig|wöchentlich|souvent|régulièrement|chaque semaine|toutes les semaines|"
    "hebdomadairement|a menudo|frecuentemente|semanalmente|spesso|settimanalmente|vaak|"
    "regelmatig|wekelijks|często|co tydzień|frequentemente|muitas vezes|muchas veces",
    4: "very often|very frequently|several times a week|a few times a week|2-3 times a week|"
    "most days|sehr oft|sehr häufig|mehrmals pro woche|mehrmals die woche|très souvent|"
    "plusieurs fois par semaine|muy a menudo|varias veces por semana|molto spesso|"
    "più volte alla settimana|heel vaak|bardzo często|muito frequentemente",
    5: "daily|always|every day|constantly|several times a day|multiple times a day|"
    "at least once a day|once a day|immer|täglich|mehrmals täglich|toujours|tous les jours|"
    "quotidiennement|chaque jour|siempre|diariamente|a diario|todos los días|sempre|"
    "quotidianamente|ogni giorno|altijd|dagelijks|zawsze|codziennie|todos os dias|"
    "kilka razy dziennie",
}
#: Ends of a scale in two steps: outermost, plain, mild; the middle is 0.
_AGREEMENT = {
    -3: "strongly disagree|disagree strongly|completely disagree|totally disagree|"
    "stimme überhaupt nicht zu|stimme gar nicht zu|trifft überhaupt nicht zu|trifft gar nicht zu|"
    "pas du tout d'accord|totalement en désaccord|tout à fait en désaccord|"
    "totalmente en desacuerdo|muy en desacuerdo|fortemente in disaccordo|"
    "completamente in disaccordo|per niente d'accordo|helemaal mee oneens|helemaal niet mee eens|"
    "zeer mee oneens|discordo totalmente|zdecydowanie się nie zgadzam|zdecydowanie nie",
    -2: "disagree|stimme nicht zu|trifft nicht zu|pas d'accord|en désaccord|en desacuerdo|"
    "in disaccordo|non d'accordo|mee oneens|oneens|discordo|nie zgadzam się|raczej nie",
    -1: "somewhat disagree|slightly disagree|rather disagree|tend to disagree|"
    "stimme eher nicht zu|trifft eher nicht zu|plutôt pas d'accord|algo en desacuerdo|"
    "abbastanza in disaccordo|enigszins mee oneens|discordo parcialmente|raczej się nie zgadzam",
    0: "neither agree nor disagree|neither disagree nor agree|neutral|undecided|"
    "neither agree or disagree|weder noch|teils teils|teils/teils|stimme weder zu noch nicht zu|"
    "ni d'accord ni pas d'accord|ni d'accord ni en désaccord|neutre|"
    "ni de acuerdo ni en desacuerdo|neutro|né d'accordo né in disaccordo|neutrale|neutraal|"
    "niet mee eens niet mee oneens|noch eens noch oneens|nem concordo nem discordo|"
    "ani się zgadzam ani nie zgadzam|trudno powiedzieć",
    1: "somewhat agree|slightly agree|rather agree|tend to agree|stimme eher zu|"
    "trifft eher zu|plutôt d'accord|algo de acuerdo|abbastanza d'accordo|enigszins mee eens|"
    "concordo parcialmente|raczej się zgadzam",
    2: "agree|stimme zu|trifft zu|d'accord|de acuerdo|d'accordo|mee eens|eens|concordo|"
    "zgadzam się|raczej tak",
    3: "strongly agree|agree strongly|completely agree|totally agree|stimme voll und ganz zu|"
    "stimme völlig zu|stimme voll zu|trifft voll zu|trifft voll und ganz zu|tout à fait d'accord|"
    "totalement d'accord|totalmente de acuerdo|muy de acuerdo|fortemente d'accordo|"
    "completamente d'accordo|molto d'accordo|helemaal mee eens|zeer mee eens|"
    "concordo totalmente|zdecydowanie się zgadzam|zdecydowanie tak",
}
_SATISFACTION = {
    -3: "very dissatisfied|extremely dissatisfied|sehr unzufrieden|très insatisfait|"
    "muy insatisfecho|molto insoddisfatto|zeer ontevreden|muito insatisfeito|"
    "bardzo niezadowolony",
    -2: "dissatisfied|unzufrieden|insatisfait|insatisfecho|insoddisfatto|ontevreden|insatisfeito|"
    "niezadowolony",
    -1: "somewhat dissatisfied|slightly dissatisfied|eher unzufrieden|plutôt insatisfait",
    0: "neither satisfied nor dissatisfied|weder zufrieden noch unzufrieden|"
    "ni satisfait ni insatisfait|ni satisfecho ni insatisfecho",
    1: "somewhat satisfied|slightly satisfied|eher zufrieden|plutôt satisfait",
    2: "satisfied|zufrieden|satisfait|satisfecho|soddisfatto|tevreden|satisfeito|zadowolony",
    3: "very satisfied|extremely satisfied|sehr zufrieden|très satisfait|muy satisfecho|"
    "molto soddisfatto|zeer tevreden|muito satisfeito|bardzo zadowolony",
}
_EXTENT = {
    1: "not at all|to no extent|überhaupt nicht|pas du tout|para nada|per niente|helemaal niet",
    2: "slightly|a little|to a small extent|ein wenig|wenig|un peu|un poco|poco|een beetje",
    3: "moderately|somewhat|to some extent|to a moderate extent|mäßig|moyennement|moderadamente",
    4: "very|very much|to a great extent|considerably|quite a bit|sehr|beaucoup|mucho|molto",
    5: "extremely|completely|to a very great extent|äußerst|extrêmement|extremadamente",
}
_NO_ANSWER = (
    "|na|n/a|nan|null|-99|-|--|–|—|.|don't know|do not know|dont know|i don't know|not sure|unsure|"
    "not applicable|does not apply|prefer not to say|prefer not to answer|no answer|no opinion|"
    "can't say|cannot say|weiß nicht|weiss nicht|keine angabe|k.a.|keine antwort|nicht zutreffend|"
    "ne sait pas|je ne sais pas|sans réponse|non applicable|sans opinion|no sé|no sabe|no aplica|"
    "prefiero no decirlo|non so|non applicabile|preferisco non rispondere|weet niet|"
    "weet ik niet|geen mening|niet van toepassing|não sei|não se aplica|nie wiem|nie dotyczy"
)


def _key(text: str) -> str:
    # A minus counts in numbers: -99 is no answer, and 99 may be anything.
    text = text.strip()
    return text if text.startswith("-") else heading_key(text) or text


def _keys(table: dict[int, str]) -> dict[str, int]:
    return {_key(word): value for value, words in table.items() for word in words.split("|")}


_MISSING = frozenset(_key(word) for word in _NO_ANSWER.split("|"))
_WORDS: dict[ScaleKind, dict[str, int]] = {
    "frequency": _keys(_FREQUENCY),
    "agreement": _keys(_AGREEMENT),
    "satisfaction": _keys(_SATISFACTION),
    "extent": _keys(_EXTENT),
}
#: Scales with a middle, whose steps depend on which of their words are used.
_TWO_SIDED = ("agreement", "satisfaction")


def is_no_answer(text: str) -> bool:
    """Say whether a cell states no answer: empty, ``-99``, "don't know", "prefer not to say".

    Examples
    --------
    >>> is_no_answer("Don't know"), is_no_answer("-99"), is_no_answer("Neutral")
    (True, True, False)
    """
    return _key(text) in _MISSING


class Scale(Struct, frozen=True, kw_only=True):
    """How the answers to some items become numbers.

    Parameters
    ----------
    kind
        What the scale is about.
    low, high
        The smallest and largest value that was answered.
    values
        Answer, reduced to its key, to value; empty for numbers.
    """

    kind: ScaleKind
    low: float
    high: float
    values: dict[str, float]

    def value(self, text: str) -> float | None:
        """Return the value of an answer; None for none, and for what is not on the scale."""
        if is_no_answer(text):
            return None
        if self.kind == "numbers":
            return _rating(text)
        return self.values.get(_key(text))

    def describe(self) -> str:
        """Say what the scale is, for a note."""
        return f"{self.kind}, {self.low:g} to {self.high:g}"


def scale_ends(scales: Sequence[Scale]) -> list[tuple[float, float]]:
    """Return the ends of the scales of one survey: what could have been answered, not what was.

    Of numbers an export shows the answers only. Those of one survey are taken for one scale: from
    0 where anybody answered 0, else from 1, to the next end that scales commonly have.

    Examples
    --------
    >>> scale_ends([find_scale(["2", "4"]), find_scale(["5"]), find_scale(["Agree", "Disagree"])])
    [(1.0, 5.0), (1.0, 5.0), (1.0, 5.0)]
    """
    numbered = [scale for scale in scales if scale.kind == "numbers"]
    low = min((scale.low for scale in numbered), default=1.0)
    high = max((scale.high for scale in numbered), default=1.0)
    ends = min(low, 1.0), float(min(end for end in _USUAL_ENDS if end >= high))
    return [
        ends if scale.kind == "numbers" else (min(given), max(given))
        for scale in scales
        for given in [scale.values.values()]
    ]


def find_scale(answers: Iterable[str]) -> Scale | None:
    """Find the scale that the different answers to one or several items are on, or None.

    Numbers must be whole, from 0 to 10; ``5 - Strongly agree`` is 5. Words are on one scale.
    Agreement has five steps, or seven where "agree" and "somewhat agree" both occur.

    Examples
    --------
    >>> scale = find_scale(["Daily", "Never", "Don't know"])
    >>> scale.kind, scale.value("Daily"), scale.value("Never"), scale.value("Don't know")
    ('frequency', 5.0, 0.0, None)
    >>> find_scale(["Strongly agree", "Disagree"]).value("Disagree")
    2.0
    >>> find_scale(["Sales", "Support"]) is None
    True
    """
    given = [text for text in dict.fromkeys(answers) if not is_no_answer(text)]
    if not given:
        return None
    numbers = [rating for text in given if (rating := _rating(text)) is not None]
    if len(numbers) == len(given) and all(_is_step(number) for number in numbers):
        return Scale(kind="numbers", low=min(numbers), high=max(numbers), values={})
    keys = {_key(text) for text in given}
    best: tuple[int, ScaleKind] | None = None
    for kind, words in _WORDS.items():
        known = len(keys & words.keys())
        if known >= LEAST_SHARE * len(keys) and (best is None or known > best[0]):
            best = known, kind
    if best is None:
        return None
    values = _steps(best[1], keys)
    there = [values[key] for key in keys if key in values]
    return Scale(kind=best[1], low=min(there), high=max(there), values=values)


def _steps(kind: ScaleKind, keys: set[str]) -> dict[str, float]:
    words = _WORDS[kind]
    if kind not in _TWO_SIDED:
        return {key: float(value) for key, value in words.items()}
    used = {abs(words[key]) for key in keys if key in words}
    if {1, 2} <= used:
        return {key: float(value + 4) for key, value in words.items()}
    return {
        key: float(3 + _sign(value) * (2 if abs(value) == 3 else 1) * (value != 0))
        for key, value in words.items()
    }


def _sign(value: int) -> int:
    return (value > 0) - (value < 0)


def _rating(text: str) -> float | None:
    number = read_number(text)
    if number is None and (match := _CODED.fullmatch(text)):
        number = float(match[1])
    return number


def _is_step(number: float) -> bool:
    return number == int(number) if 0 <= number <= LARGEST_RATING else False


#: A multi-select that is split into columns: what a ticked and an unticked cell hold.
_TICKED = frozenset(
    _key(word)
    for word in (
        *("1", "x", "yes", "y", "ja", "oui", "si", "sim", "tak", "true", "wahr", "vrai"),
        *("selected", "checked", "ticked", "ausgewählt"),
    )
)
_UNTICKED = frozenset(
    _key(word)
    for word in (
        *("0", "no", "n", "nein", "non", "não", "nie", "nee", "false", "falsch", "faux"),
        *("not selected", "unselected", "unchecked", "not checked"),
    )
)


def ticks_of(columns: Sequence[tuple[str, set[str]]]) -> frozenset[tuple[int, str]] | None:
    """Find the cells that mean "ticked" in a multi-select of one column a choice, or None.

    A ticked cell repeats the choice, holds a word or sign for yes, or, in SurveyMonkey's numerical
    export, the number of the choice.

    Parameters
    ----------
    columns
        Label of each column, and the different cells in it.

    Returns
    -------
    frozenset of (position in `columns`, cell as `tick_key` writes it), or None
        None where the cells are something else, such as a scale.

    Examples
    --------
    >>> ticks_of([("Aya Ito", {"", "Aya Ito"}), ("Ben Osei", {"Ben Osei"})]) is not None
    True
    >>> ticks_of([("Aya Ito", {"Daily"}), ("Ben Osei", {"Never"})]) is None
    True
    """
    filled = [
        (position, label, {tick_key(cell) for cell in cells if not is_no_answer(cell)})
        for position, (label, cells) in enumerate(columns)
    ]
    for meaning in (_repeats_label, _says_yes, _numbers_choice):
        ticks = {
            (position, key)
            for position, label, keys in filled
            for key in keys
            if meaning(position, label, key)
        }
        others = {
            key
            for position, _, keys in filled
            for key in keys
            if (position, key) not in ticks and key not in _UNTICKED
        }
        if ticks and not others:
            return frozenset(ticks)
    return None


def tick_key(cell: str) -> str:
    """Reduce a cell for the comparison with ticks."""
    return _key(cell)


def _repeats_label(position: int, label: str, key: str) -> bool:
    return key == _key(label)


def _says_yes(position: int, label: str, key: str) -> bool:
    return key in _TICKED


def _numbers_choice(position: int, label: str, key: str) -> bool:
    return key == str(position + 1)
