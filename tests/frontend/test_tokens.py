"""Contrast is a property of the tokens: each declared pair is readable in both modes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

CSS = Path(__file__).resolve().parents[2] / "static" / "css"
TOKENS = (CSS / "tokens.css").read_text(encoding="utf-8")
NEEDED = {"text": 4.5, "large": 3.0, "graphic": 3.0}
COLOUR_LITERAL = re.compile(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|rgba|hsl|hsla|oklch)\(")


def _colours(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z0-9-]+):\s*(#[0-9a-f]{6});", block))


def _modes() -> dict[str, dict[str, str]]:
    light, dark = TOKENS.split("@media screen and (prefers-color-scheme: dark)")
    base = _colours(light)
    return {"light": base, "dark": base | _colours(dark)}


def _pairs() -> list[tuple[str, str, str]]:
    found = []
    for kind, text in re.findall(r"@pair (\w+) (.+)", TOKENS):
        for pair in text.split(","):
            foreground, background = pair.strip().split(" on ")
            found.append((kind, foreground, background))
    return found


def _luminance(colour: str) -> float:
    def channel(value: int) -> float:
        share = value / 255
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    red, green, blue = (channel(int(colour[at : at + 2], 16)) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the WCAG 2 contrast ratio of two #rrggbb colours."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize(("kind", "foreground", "background"), _pairs())
def test_declared_pair_is_readable(mode, kind, foreground, background):
    colours = _modes()[mode]
    ratio = contrast(colours[foreground], colours[background])
    assert ratio >= NEEDED[kind], f"{mode}: {foreground} on {background} is {ratio:.2f}:1"


def test_contrast_of_black_on_white_is_21():
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)


def test_dark_mode_redefines_every_colour_of_the_light_one():
    light, dark = TOKENS.split("@media screen and (prefers-color-scheme: dark)")
    assert set(_colours(light)) == set(_colours(dark))


def _sheets() -> list[Path]:
    return [path for path in sorted(CSS.rglob("*.css")) if path.name != "tokens.css"]


@pytest.mark.parametrize("sheet", _sheets(), ids=lambda path: path.stem)
def test_sheet_takes_its_colours_from_the_tokens(sheet):
    text = re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.DOTALL)
    text = re.sub(r"url\([^)]*\)", "", text)
    assert COLOUR_LITERAL.findall(text) == []


@pytest.mark.parametrize("sheet", _sheets(), ids=lambda path: path.stem)
def test_sheet_has_no_id_selector(sheet):
    text = re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.DOTALL)
    preludes = re.findall(r"([^{};]+)\{", text)
    assert [prelude for prelude in preludes if re.search(r"#[a-zA-Z]", prelude)] == []


@pytest.mark.parametrize("sheet", _sheets(), ids=lambda path: path.stem)
def test_sheet_uses_only_known_properties(sheet):
    used = set(re.findall(r"var\(--([a-z0-9-]+)", sheet.read_text(encoding="utf-8")))
    own = set(re.findall(r"--([a-z0-9-]+)\s*:", sheet.read_text(encoding="utf-8")))
    tones = (CSS / "components" / "badge.css").read_text(encoding="utf-8")
    known = set(re.findall(r"--([a-z0-9-]+)\s*:", TOKENS + tones))
    assert used - own - known == set()
