"""The page of a history: whole in itself, every mark leads to its row and every row to the sentence."""

from __future__ import annotations

import dataclasses
import pathlib
import re
from html.parser import HTMLParser

import pytest
from track_plans import write_plans

import pipeline
from pipeline.model.history import History
from pipeline.track import track
from pipeline.view.track_chart import chart, mark_of
from pipeline.view.track_page import MOST_DRAWN, track_page

FIRMS, PATENTS = "高新技术企业", "万人发明专利拥有量"
VOID = {"meta", "br", "col", "link", "img", "input", "hr"}


class Page(HTMLParser):
    """Collects ids, links and words, and whether the elements are closed in order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: list[str] = []
        self.names: list[tuple[str, str | None]] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.names += attributes
        self.ids += [value or "" for name, value in attributes if name == "id"]
        self.links += [value or "" for name, value in attributes if name == "href"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> History:
    folder = tmp_path_factory.mktemp("plans")
    write_plans(folder)
    return track(pipeline.parse_folder(folder).records, [FIRMS, PATENTS])


@pytest.fixture(scope="module")
def page(history: History) -> str:
    return track_page(history)


def test_every_link_leads_somewhere_and_no_id_stands_twice(page: str, history: History) -> None:
    read = Page(page)
    assert not read.open
    assert len(read.ids) == len(set(read.ids))
    assert {link.removeprefix("#") for link in read.links} <= set(read.ids)
    assert {f"p-{point.point_id}" for point in history.points} <= set(read.ids)
    assert {f"q-{point.target_id}" for point in history.points} <= set(read.ids)


def test_page_needs_no_network_and_no_script(page: str) -> None:
    read = Page(page)
    assert not {"script", "link", "img", "iframe", "object"} & set(read.tags)
    assert "url(" not in page and "@import" not in page and "http" not in page.replace("http-equiv", "")
    assert not any(name.startswith("on") for name, _ in read.names)


def test_levels_and_additions_never_share_an_axis(page: str, history: History) -> None:
    kinds = {point.point_id: (point.family, point.kind, point.basis, point.unit) for point in history.points}
    drawings = re.findall(r"<figure>.*?</figure>", page, re.DOTALL)
    shown = [{kinds[key] for key in re.findall(r'href="#p-([^"]+)"', drawing)} for drawing in drawings]
    assert shown and all(len(kind) == 1 for kind in shown)
    assert set().union(*shown) == set(kinds.values())


def test_marks_tell_bounds_present_values_conflicts_and_what_is_not_comparable(page: str, history: History) -> None:
    level = re.findall(r"<figure>.*?</figure>", page, re.DOTALL)[0]
    drawn = {key: part for key, part in re.findall(r'<a href="#p-([^"]+)">(.*?)</a>', level, re.DOTALL)}
    for point in history.points:
        part = drawn.get(point.point_id)
        if part is not None:
            assert ('class="bound' in part) == (point.comparator in (">=", ">", "<=", "<"))
            assert ("hollow" in part) == (point.role == "baseline")
            assert ('class="conflict"' in part) == point.conflict
    assert "not comparable: part against whole" in level
    assert "this plan gives ≥ 1,000 家 and &gt; 1,200 家 for 2023" in level


def test_sentence_marks_the_words_of_the_target(page: str) -> None:
    assert "全市有效期内高新技术企业由2020年的520家提高到<mark>1000家以上</mark>，" in page
    assert page.count("<mark>500家</mark>") == 1


def test_text_files_are_linked_where_their_place_is_known(history: History) -> None:
    read = Page(track_page(history, texts="out/text"))
    documents = {point.document_id for point in history.points}
    assert {link for link in read.links if not link.startswith("#")} == {f"out/text/{one}.txt" for one in documents}


def test_words_of_a_document_cannot_become_markup(history: History) -> None:
    evil = '<script>alert("1")</script>&<img src=x onerror=1>'

    def spoilt(series_index: int) -> History:
        first = history.series[series_index]
        points = tuple(
            dataclasses.replace(
                point, plan_title=evil, document_title=evil, doc_number=evil, heading=evil, indicator=evil,
                sentence=evil + point.quote, source=evil, unit=evil, change_reason=evil, conflict_reason=evil,
                conflict=True,
            )
            for point in first.points
        )  # fmt: skip
        bad = dataclasses.replace(
            first, label=evil, place=evil, unit=evil, scope=evil, reason=evil, comparable=False, points=points
        )
        asked = tuple(one._replace(family=evil, query=evil, note=evil, names=(evil, evil)) for one in history.asked[:1])
        bad = dataclasses.replace(bad, family=evil)
        return dataclasses.replace(history, asked=asked, series=(bad,), notes=(evil,))

    read = Page(track_page(spoilt(0)))
    assert not {"script", "img"} & set(read.tags) and not read.open
    assert not any(name.startswith("on") for name, _ in read.names)


def test_a_place_keeps_colour_and_shape_and_fifty_six_places_differ() -> None:
    assert len({mark_of(number) for number in range(56)}) == 56


def test_many_places_are_drawn_in_part_and_listed_in_full(history: History) -> None:
    first = history.series[0]
    many = tuple(
        dataclasses.replace(
            first,
            series_id=f"h{number}",
            place=f"{number}号县",
            label=f"{number}号县",
            points=tuple(dataclasses.replace(point, point_id=f"{point.point_id}-{number}") for point in first.points),
        )
        for number in range(40)
    )
    page = track_page(dataclasses.replace(history, series=many, asked=history.asked[:1]))
    assert f"{40 - MOST_DRAWN} further series stand in the table alone." in page
    assert page.count('class="name c') == MOST_DRAWN
    assert page.count('<tr class="series">') == 40


def test_nothing_found_is_said(history: History) -> None:
    page = track_page(dataclasses.replace(history, series=()))
    assert "No plan has a target for it." in page and "<figure>" not in page


def test_points_without_year_are_not_drawn(history: History) -> None:
    first = history.series[0]
    undated = tuple(dataclasses.replace(point, year=None) for point in first.points if point.role != "baseline")
    assert chart([dataclasses.replace(first, points=undated)], {first.place or "": 0}, "title") == ""


def test_same_history_gives_the_same_page(history: History, page: str) -> None:
    assert track_page(history) == page


def test_real_plans_have_a_page(shared: pathlib.Path) -> None:
    found = track(pipeline.parse_folder(shared / "seeds").records, [FIRMS])
    read = Page(track_page(found))
    assert not read.open and len(read.ids) == len(set(read.ids))
    assert len({series.place for series in found.series}) > 1
    assert any("lies in" in note and "part against whole" in note for note in found.notes)
