"""The history of an indicator as one HTML page that needs no network and no script."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING

from pipeline.model.history import Asked, History, PointRow, Series
from pipeline.view import track_words
from pipeline.view.track_chart import chart, mark_of, symbol

if TYPE_CHECKING:
    from markupsafe import Markup

# More names beside one panel cannot be read; the table holds all of them.
MOST_DRAWN = 12
# Places whose figures lie this far apart have drawings of their own: a county cannot be read on a province's axis.
FAR_APART = 4
ALSO_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Panel:
    """Series of one indicator, kind, basis and unit: their drawings, and how many of them found no room there."""

    title: str
    unit: str
    drawings: tuple[Markup, ...]
    series: tuple[Series, ...]
    undrawn: int


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence with the words of a target in it: what stands before them, the words, what follows."""

    point: PointRow
    number: int
    before: str
    words: str
    after: str


def track_page(history: History, *, texts: str | None = None) -> str:
    """Give the page: a panel for each kind and unit, the table of all points, conflicts, and the quoted sentences.

    `texts` is the address of the folder `text/` of the output, as seen from the page (`structured/text/`); with it the
    documents are links to their normalised text.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        loader=PackageLoader("pipeline.view"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        {name: getattr(track_words, name) for name in ("figure", "years", "marks", "kind_words", "plan_words")}
    )
    chapters = [(asked, _groups(history, asked)) for asked in history.asked]
    places = _numbers([one for _, groups in chapters for group in groups for one in _drawn(group)])
    passages = list(_passages(history))
    key = [(name, Markup(_key(number)), mark_of(number)[0]) for name, number in places.items()]
    template = environment.get_template("track_page.html.j2")
    return template.render(
        history=history,
        title="、".join(dict.fromkeys(asked.family for asked in history.asked)),
        chapters=[
            (asked, [_panel(asked, group, places) for group in groups], _also(history, asked))
            for asked, groups in chapters
        ],
        to_mind={asked.family: _to_mind(history, asked) for asked in history.asked},
        key=[(track_words.place_words(name), sign, colour) for name, sign, colour in key],
        key_role=[(words, Markup(sign)) for words, sign in _roles()],
        sources=_by_document(passages),
        number_of={passage.point.target_id: passage.number for passage in passages},
        texts=texts.rstrip("/") + "/" if texts else "",
    )


def _numbers(drawn: Sequence[Series]) -> dict[str, int]:
    """Give each place that is drawn the number of its mark, the same in all panels."""
    places = dict.fromkeys(one.place or one.label for one in drawn)
    return {place: number for number, place in enumerate(places)}


def _groups(history: History, asked: Asked) -> list[tuple[Series, ...]]:
    """Give the series of an indicator by kind, basis and unit, in the order in which these come first."""
    groups: dict[tuple[str, str, str], list[Series]] = {}
    for one in history.series:
        if one.family == asked.family:
            groups.setdefault((one.kind, one.basis, one.unit or ""), []).append(one)
    return [tuple(group) for group in groups.values()]


def _drawn(series: Sequence[Series]) -> list[Series]:
    """Give the series that find room in a panel: whole places first, then what has the most to tell."""
    ranked = sorted(series, key=lambda one: (bool(one.related), one.scope is not None, -len(one.points)))
    kept = {one.series_id for one in ranked[:MOST_DRAWN]}
    return [one for one in series if one.series_id in kept]


def _panel(asked: Asked, series: tuple[Series, ...], places: dict[str, int]) -> Panel:
    from markupsafe import Markup

    drawn = _drawn(series)
    title = track_words.panel_words(series[0])
    drawings = [chart(band, places, f"{asked.family}: {title}", drawn) for band in _bands(drawn)]
    return Panel(
        title, series[0].unit or "", tuple(Markup(svg) for svg in drawings if svg), series, len(series) - len(drawn)
    )


def _bands(series: list[Series]) -> list[list[Series]]:
    """Part series into groups of places whose highest figures are of one order, the largest first."""
    highest: dict[str, Decimal] = {}
    for one in series:
        place = one.place or one.label
        highest[place] = max(abs(point.value) for point in one.points) if place not in highest else highest[place]
    bands: list[list[str]] = []
    for place in sorted(highest, key=lambda name: -highest[name]):
        if not bands or highest[place] * FAR_APART < highest[bands[-1][-1]]:
            bands.append([])
        bands[-1].append(place)
    return [[one for one in series if (one.place or one.label) in band] for band in bands]


def _also(history: History, asked: Asked) -> tuple[list[tuple[str, int]], int]:
    names = [(one.indicator, one.number) for one in history.also_seen if one.family == asked.family]
    return names[:ALSO_SHOWN], len(names[ALSO_SHOWN:])


def _to_mind(history: History, asked: Asked) -> list[tuple[str, str]]:
    """Give the wordings that custom uses in more than one sense, each once, with what to mind."""
    points = (point for point in history.points if point.family == asked.family)
    return list(dict.fromkeys((point.indicator, point.name_note) for point in points if point.name_note))


def _key(number: int) -> str:
    return f'<svg class="sign" viewBox="0 0 18 18" aria-hidden="true">{symbol(number, 9, 9, 6)}</svg>'


def _roles() -> list[tuple[str, str]]:
    """Give the meaning of sizes, hollow marks and lines, each with a small drawing."""
    arrow = '<path class="bound c0" d="M9 7V1M6 4L9 1L12 4"/>'
    drawings = (
        ("goal at the plan's end", symbol(0, 9, 9, 6)),
        ("step on the way, or outlook", symbol(0, 9, 9, 3.6)),
        ("present value, where it starts", symbol(0, 9, 9, 4.6, hollow=True)),
        ("at least (downwards: at most)", arrow + symbol(0, 9, 12, 4)),
        ("contradicted", '<circle class="conflict" cx="9" cy="9" r="8"/>' + symbol(0, 9, 9, 3.6)),
        ("part of the place", '<path class="line c0 part" d="M0 9H18"/>'),
        ("related name, not comparable", '<path class="line c0 related" d="M0 9H18"/>'),
    )
    return [
        (words, f'<svg class="sign" viewBox="0 0 18 18" aria-hidden="true">{sign}</svg>') for words, sign in drawings
    ]


def _passages(history: History) -> Iterator[Passage]:
    """Give the sentence of every target once, numbered by document and place in it."""
    targets = {point.target_id: point for point in history.points if point.role != "baseline"}
    for point in history.points:
        targets.setdefault(point.target_id, point)
    order = sorted(targets.values(), key=lambda one: (one.issued_on or "~", one.source, one.char_start, one.target_id))
    for number, point in enumerate(order, start=1):
        before, words, after = point.sentence.partition(point.quote)
        yield Passage(point, number, _plain(before), _plain(words), _plain(after))


def _plain(words: str) -> str:
    """Set the cells of a table row apart with a sign that shows."""
    return words.replace("\t", " │ ")


def _by_document(passages: Sequence[Passage]) -> list[tuple[PointRow, list[Passage]]]:
    groups = groupby(passages, key=lambda passage: passage.point.document_id)
    listed = [list(group) for _, group in groups]
    return [(group[0].point, group) for group in listed]
