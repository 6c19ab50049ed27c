"""Bodies and places: gold cases, the word lists, and that bodies of two places are never taken for one."""

from __future__ import annotations

import pathlib
import tomllib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.lexicon import Lexicon, bodies, load_lexicon, places, roles
from pipeline.lexicon.loader import Faults
from pipeline.model import Front
from pipeline.resolve.organisations import COLLECTIVE, resolve_organisations

GOLD = pathlib.Path(__file__).parent / "gold" / "organisations.toml"
CASES = tomllib.loads(GOLD.read_text(encoding="utf-8"))["case"]
LOCAL = ("科技局", "发改委", "财政局", "政府办公室", "委组织部", "人民法院", "总工会", "新国联", "有关部门", "重点企业")


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon()


def front(issuers: tuple[str, ...] = (), title: str = "", doc_number: str = "", issued_on: str = "") -> Front:
    return Front(title, doc_number, issuers, issued_on, "", (), ())


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_gold(case: dict[str, Any], lexicon: Lexicon) -> None:
    names = [name for name, _ in case["names"]]
    head = front(tuple(case["issuers"]), case.get("title", ""), case.get("doc_number", ""))
    found = resolve_organisations(head, (), names, lexicon)
    written = [" / ".join(part or "" for part in (body.name, body.place, body.level, body.function)) for body in found]
    assert written == [wanted for _, wanted in case["names"]]
    ids = {(body.place, body.name): body.organisation_id for body in found}
    assert len(set(ids.values())) == len(ids)
    assert all(ids[body.place, body.name] == body.organisation_id for body in found)


def test_result_is_aligned_and_the_same_again(lexicon: Lexicon) -> None:
    names = ["市科技局", "市财政局", "市科技局"]
    first = resolve_organisations(front(("昆山市人民政府",)), (), names, lexicon)
    assert len(first) == 3 and first[0] == first[2] != first[1]
    assert first == resolve_organisations(front(("昆山市人民政府",)), (), names, load_lexicon())


def _issuing_places() -> list[places.Place]:
    return [
        place for place in load_lexicon().places.by_code.values() if place.level_word in ("市", "县", "区", "州", "旗")
    ]


def _issuer(place: places.Place, lexicon: Lexicon) -> str:
    """The government of a place, with the places above it, so that its name is clear (苏州市姑苏区人民政府)."""
    parent = lexicon.places.by_code.get(place.parent)
    return (parent.name if parent else "") + place.name + "人民政府"


@settings(max_examples=150, deadline=None)
@given(pair=st.lists(st.sampled_from(_issuing_places()), min_size=2, max_size=2, unique_by=lambda place: place.code))
def test_bodies_of_two_places_are_two(pair: list[places.Place]) -> None:
    lexicon = load_lexicon()
    seen: list[set[str]] = []
    for place in pair:
        names = [place.level_word + body for body in LOCAL] + ["各镇街", "高新区", "财政局"]
        found = resolve_organisations(front((_issuer(place, lexicon),)), (), names, lexicon)
        assert {body.place for body in found} == {f"{place.code} {place.name}"}
        seen.append({body.organisation_id for body in found})
    assert not seen[0] & seen[1]


@settings(max_examples=50, deadline=None)
@given(
    titles=st.lists(
        st.text(alphabet="云州临湖行动计划方案", min_size=1, max_size=8), min_size=2, max_size=2, unique=True
    )
)
def test_bodies_of_unknown_places_stay_in_their_document(titles: list[str]) -> None:
    lexicon = load_lexicon()
    names = ["市科技局", "财政局", "各部门", "东岭新城管委会"]
    one, other = (resolve_organisations(front(title=title), (), names, lexicon) for title in titles)
    assert not {body.organisation_id for body in one} & {body.organisation_id for body in other}
    assert [body.function for body in one] == [body.function for body in other]


def test_ambiguous_place_is_not_guessed(lexicon: Lexicon) -> None:
    # 鼓楼区 lies in four cities.
    (body,) = resolve_organisations(front(("鼓楼区人民政府",)), (), ["区财政局"], lexicon)
    assert body.place is None or body.place == "鼓楼区"
    (known,) = resolve_organisations(front(("南京市鼓楼区人民政府",)), (), ["区财政局"], lexicon)
    assert known.place == "320106 鼓楼区" and known.organisation_id != body.organisation_id


def test_every_form_resolves_to_its_function(lexicon: Lexicon) -> None:
    head = front(("昆山市人民政府",))
    for written in lexicon.bodies.forms:
        form = lexicon.bodies.form(written)
        assert form is not None
        name = "市委" + written if form.branch == "party" else "市" + written
        (body,) = resolve_organisations(head, (), [name], lexicon)
        if body.function != COLLECTIVE:
            assert body.function == form.function, name


def test_word_lists_have_no_faults() -> None:
    faults = Faults()
    for topic in (roles, bodies, places):
        topic.load(faults)
    assert faults.found == []


@pytest.mark.parametrize(
    ("file", "line", "fault"),
    [
        ("bodies.csv", "发改,发展和改革,科技,局,government,,", "belongs to '科学技术局' already"),
        ("bodies.csv", "发改,发展和改革,甲乙,局,government,2009,2003", "valid_from 2009 is after valid_to 2003"),
        ("bodies.csv", "发改,发展和改革,甲乙,丙,government,,", "the ending '丙' does not stand in body_endings.csv"),
        ("bodies.csv", "发改,发展和改革,甲乙,局,village,,", "unknown branch 'village'"),
        ("central_bodies.csv", "教育部,别的部,教育,yes,,,", "'教育部' belongs to '教育部' already"),
        ("central_bodies.csv", "甲乙部,甲乙部,无此用途,yes,,,", "no body of bodies.csv has the function '无此用途'"),
        ("places.csv", "999900,云州市,云州,city,999000", "the parent '999000' does not stand above"),
        ("places.csv", "110101,东城区,东城,county,110000", "'110101' stands already in line"),
        ("place_marks.csv", "云,999900", "no place has the code '999900'"),
        ("roles.csv", "甲乙,stem,", "the use 'stem' and the role '' do not go together"),
        ("roles.csv", "牵头,stem,lead", "'牵头' stands twice as stem"),
    ],
)
def test_faults_of_word_lists_are_told(file: str, line: str, fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from pipeline.lexicon import loader

    real = loader.read_text
    monkeypatch.setattr(loader, "read_text", lambda name: real(name) + (line + "\n" if name == file else ""))
    faults = Faults()
    {"b": bodies, "c": bodies, "p": places, "r": roles}[file[0]].load(faults)
    assert any(fault in found for found in faults.found), faults.found
