"""Invented people: names from several languages and scripts, and addresses made of them."""

from __future__ import annotations

import unicodedata
from collections import Counter
from dataclasses import dataclass

import numpy as np

#: Given names and surnames by language, in Latin script. Any two of a language make a person.
LATIN: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (
        ("Zoë", "Åsa", "Linnéa", "Björn", "Søren", "Freja", "Ingrid", "Håkon", "Eero", "Päivi"),
        ("Björk", "Lindqvist", "Østergaard", "Nygård", "Sjöberg", "Mäkinen", "Holm", "Dahl"),
    ),
    (
        ("Jürgen", "Käthe", "Anton", "Greta", "Moritz", "Lena", "Ulrich", "Sabine", "Jörg"),
        ("Weiß", "Müller-Hahn", "Köhler", "Brandt", "Vogel", "Schäfer", "Ziegler", "Krüger"),
    ),
    (
        ("Élodie", "Benoît", "Chloé", "Mathis", "Océane", "Rémi", "Solène", "Thibault", "Noémie"),
        ("Lefèvre", "Garnier", "D'Aubray", "Rousselle", "Beaufort", "Marchand", "Perrault"),
    ),
    (
        ("Inês", "João", "Núria", "Álvaro", "Begoña", "Caetano", "Lucía", "Tomás", "Marisol"),
        ("Gonçalves", "Ibáñez", "Muñoz", "Teixeira", "Carvalho", "de la Peña", "Ferrer", "Rocha"),
    ),
    (
        ("Łukasz", "Agnieszka", "Zdeněk", "Božena", "Jiří", "Małgorzata", "Ondřej", "Kasia"),
        ("Wójcik", "Dvořák", "Kamiński", "Černý", "Zieliński", "Novotný", "Sikora", "Mareš"),
    ),
    (
        ("Ayşe", "Çağlar", "Elif", "Gökhan", "Işıl", "Mehmet", "Ömer", "Şebnem", "Yiğit"),
        ("Yıldız", "Özkan", "Çelik", "Aydın", "Demirtaş", "Güneş", "Kaya", "Şahin"),
    ),
    (
        ("Ama", "Kwabena", "Ngozi", "Chidi", "Amara", "Tunde", "Wanjiru", "Baraka", "Thandiwe"),
        ("Osei", "Mensah", "Okafor", "Adeyemi", "Mwangi", "Dlamini", "Boateng", "Eze", "Otieno"),
    ),
    (
        ("Aya", "Haruto", "Minh", "Linh", "Wei", "Jia", "Putri", "Arjun", "Priya", "Somchai"),
        ("Ito", "Tanabe", "Nguyễn", "Trần", "Zhang", "Lim", "Wijaya", "Raman", "Iyer", "Park"),
    ),
    (
        ("Ben", "Maeve", "Rhys", "Imogen", "Callum", "Niamh", "Gwen", "Oscar", "Tamsin", "Ewan"),
        ("Hartley", "O'Brannigan", "Pritchard", "Ashdown", "McAllister", "Fairweather", "Lowe"),
    ),
)

#: The same in other scripts, each name with the Latin spelling that its address uses.
OTHER_SCRIPTS: tuple[tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]], ...] = (
    (
        (("ليلى", "layla"), ("سامي", "sami"), ("نور", "nour"), ("كريم", "karim")),
        (("حداد", "haddad"), ("المنصوري", "almansouri"), ("الخطيب", "alkhatib")),
    ),
    (
        (("דנה", "dana"), ("יואב", "yoav"), ("תמר", "tamar"), ("אורי", "uri")),
        (("לביא", "lavi"), ("שחר", "shahar"), ("בן־דוד", "bendavid")),
    ),
    (
        (("美咲", "misaki"), ("健太", "kenta"), ("陽子", "yoko"), ("大輔", "daisuke")),
        (("高橋", "takahashi"), ("石川", "ishikawa"), ("森田", "morita")),
    ),
    (
        (("Ольга", "olga"), ("Тарас", "taras"), ("Мила", "mila"), ("Богдан", "bohdan")),
        (("Коваленко", "kovalenko"), ("Петрова", "petrova"), ("Шевчук", "shevchuk")),
    ),
    (
        (("Ελένη", "eleni"), ("Νίκος", "nikos"), ("Δάφνη", "dafni"), ("Πέτρος", "petros")),
        (("Παππάς", "pappas"), ("Οικονόμου", "oikonomou"), ("Λάμπρου", "lamprou")),
    ),
)

#: Share of people whose name is written in a script other than Latin.
OTHER_SCRIPT_SHARE = 0.06

#: Letters that Unicode does not take apart into a base letter and a mark.
UNDIVIDED = str.maketrans({"ł": "l", "ø": "o", "ß": "ss", "ı": "i", "đ": "d", "æ": "ae"})


@dataclass(frozen=True, slots=True)
class Name:
    """An invented name and the address parts that go with it.

    Parameters
    ----------
    given, surname
        As people write them.
    local_part
        What stands before the ``@``; ASCII, unique among the names drawn together.
    """

    given: str
    surname: str
    local_part: str

    @property
    def display(self) -> str:
        """Given name and surname, as a directory shows them."""
        return f"{self.given} {self.surname}"


def ascii_letters(text: str) -> str:
    """Return `text` in lower case with only the ASCII letters that an address can hold.

    Examples
    --------
    >>> ascii_letters("Zoë"), ascii_letters("O'Brannigan"), ascii_letters("Łukasz")
    ('zoe', 'obrannigan', 'lukasz')
    """
    bare = unicodedata.normalize("NFKD", text.lower().translate(UNDIVIDED))
    return "".join(letter for letter in bare if letter.isascii() and letter.isalpha())


def draw_names(rng: np.random.Generator, count: int) -> list[Name]:
    """Draw `count` invented people; two of them may share a name, never an address.

    Examples
    --------
    >>> names = draw_names(np.random.default_rng(7), 500)
    >>> len({name.local_part for name in names})
    500
    >>> all(name.local_part.isascii() for name in names)
    True
    """
    names: list[Name] = []
    met: Counter[str] = Counter()
    other = rng.random(count) < OTHER_SCRIPT_SHARE
    picks = rng.integers(0, 1 << 30, size=(count, 3)).tolist()
    for is_other, (language, first, last) in zip(other.tolist(), picks, strict=True):
        if is_other:
            givens, surnames = OTHER_SCRIPTS[language % len(OTHER_SCRIPTS)]
            given, given_ascii = givens[first % len(givens)]
            surname, surname_ascii = surnames[last % len(surnames)]
        else:
            latin_givens, latin_surnames = LATIN[language % len(LATIN)]
            given = latin_givens[first % len(latin_givens)]
            surname = latin_surnames[last % len(latin_surnames)]
            given_ascii, surname_ascii = ascii_letters(given), ascii_letters(surname)
        stem = f"{given_ascii}.{surname_ascii}"
        met[stem] += 1
        number = str(met[stem]) if met[stem] > 1 else ""
        names.append(Name(given, surname, stem + number))
    return names
