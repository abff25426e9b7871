"""The colours of every page, as one light and one dark set of custom properties.

The nine steps run from far fewer ties than expected (1, orange) over as expected (5, grey) to far
more (9, blue); `step_ink` names what is legible on each. Orange and blue stay apart under the
common colour-vision deficiencies; the number in the cell stays where no colour is printed.
"""

from __future__ import annotations

from collections.abc import Mapping

LIGHT: Mapping[str, str] = {
    "paper": "#fdfcfa",
    "raised": "#f5f3ee",
    "ink": "#16191d",
    "soft": "#565c64",
    "rule": "#d9d5cc",
    "edge": "#7d7f80",
    "accent": "#0b57a4",
    "fewer": "#b34a0c",
    "node": "#dbe6f0",
    "focus": "#0b57a4",
    "black": "#14171b",
    "step-1": "#a03f00", "step-2": "#d8752f", "step-3": "#f0ad79",
    "step-4": "#fae0ca", "step-5": "#eceae6", "step-6": "#d5e4f3",
    "step-7": "#9ac3e8", "step-8": "#4f93d2", "step-9": "#0b4f97",
}  # fmt: skip

DARK: Mapping[str, str] = {
    "paper": "#14171b",
    "raised": "#1d2127",
    "ink": "#eceae5",
    "soft": "#a9aeb5",
    "rule": "#363b43",
    "edge": "#868d96",
    "accent": "#86bdf5",
    "fewer": "#f59a5b",
    "node": "#2b3d50",
    "focus": "#86bdf5",
    "black": "#14171b",
    "step-1": "#ff9c57", "step-2": "#d97a35", "step-3": "#8d4a1b",
    "step-4": "#50321d", "step-5": "#2f343b", "step-6": "#1f3a57",
    "step-7": "#22558c", "step-8": "#559ade", "step-9": "#9ccdff",
}  # fmt: skip


def custom_properties() -> str:
    """Return the style sheet's first rules: both sets, chosen by the system or by the switch.

    The dark set is for screens only, so a reader in dark mode prints on white.
    """
    changed = {name: colour for name, colour in DARK.items() if colour != LIGHT[name]}
    light, dark = _declarations("light", LIGHT), _declarations("dark", changed)
    return (
        f":root {{\n{light}}}\n"
        "@media screen and (prefers-color-scheme: dark) {\n"
        f":root:not([data-theme=light]) {{\n{dark}}}\n}}\n"
        f"@media screen {{\n:root[data-theme=dark] {{\n{dark}}}\n}}\n"
        "@media print {\n:root { --paper:#ffffff; }\n}\n"
    )


def step_ink(step: int) -> str:
    """Return the colour of a figure on a step of the scale: the same name in both sets.

    The ends are strong in either set, the middle is near the paper; steps 2 and 8 take black.

    Examples
    --------
    >>> step_ink(1), step_ink(2), step_ink(5)
    ('paper', 'black', 'ink')
    """
    if step in (1, 9):
        return "paper"
    return "black" if step in (2, 8) else "ink"


def contrast(first: str, second: str) -> float:
    """Return the WCAG contrast ratio of two ``#rrggbb`` colours, 1 to 21.

    Examples
    --------
    >>> contrast("#000000", "#ffffff")
    21.0
    """
    brighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def _declarations(scheme: str, colours: Mapping[str, str]) -> str:
    pairs = [f"--{name}:{colour};" for name, colour in colours.items()]
    lines = (pairs[at : at + 5] for at in range(0, len(pairs), 5))
    return f"color-scheme: {scheme};\n" + "".join(" ".join(line) + "\n" for line in lines)


def _luminance(colour: str) -> float:
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
