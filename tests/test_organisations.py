"""Bodies and places: gold cases, the word lists, and that bodies of two places are never taken for one."""

from __future__ import annotations

import pathlib
import tomllib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.lexicon import Lexicon, bodies, load_lexicon, places, roles
from pipeline.lexicon.bodies import COLLECTIVE
from pipeline.lexicon.loader import Faults
from pipeline.model import Front
from pipeline.resolve.issuer import find_issuer
from pipeline.resolve.organisations import resolve_organisations
from pipeline.resolve.resolved import Resolved

GOLD = pathlib.Path(__file__).parent / "gold" / "organisations.toml"
CASES = tomllib.loads(GOLD.read_text(encoding="utf-8"))["case"]
LOCAL = ("科技局", "发改委", "财政局", "政府办公室", "委组织部", "人民法院", "总工会", "新国联", "有关部门", "重点企业")


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon()


def front(issuers: tuple[str, ...] = (), title: str = "", doc_number: str = "", issued_on: str = "") -> Front:
    return Front(title, doc_number, issuers, issued_on, "", (), ())


def resolve(head: Front, names: list[str], lexicon: Lexicon, text: str = "") -> tuple[Resolved, ...]:
    return resolve_organisations(find_issuer(head, (), lexicon, names, text), names, lexicon)


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_gold(case: dict[str, Any], lexicon: Lexicon) -> None:
    names = [name for name, _ in case["names"]]
    head = front(tuple(case["issuers"]), case.get("title", ""), case.get("doc_number", ""), case.get("issued_on", ""))
    found = resolve(head, names, lexicon, case.get("text", ""))
    written = [" / ".join(part or "" for part in (body.name, body.place, body.level, body.function)) for body in found]
    assert written == [wanted for _, wanted in case["names"]]
    ids = {(body.place, body.name): body.organisation_id for body in found}
    assert len(set(ids.values())) == len(ids)
    assert all(ids[body.place, body.name] == body.organisation_id for body in found)


def test_result_is_aligned_and_the_same_again(lexicon: Lexicon) -> None:
    names = ["市科技局", "市财政局", "市科技局"]
    first = resolve(front(("昆山市人民政府",)), names, lexicon)
    assert len(first) == 3 and first[0] == first[2] != first[1]
    assert first == resolve(front(("昆山市人民政府",)), names, load_lexicon())


def _issuing_places() -> list[places.Place]:
    return [
        place
        for place in load_lexicon().places.by_code.values()
        if place.valid_to is None and place.level_word in ("市", "县", "区", "州", "旗")
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
        found = resolve(front((_issuer(place, lexicon),)), names, lexicon)
        # The area of a committee lies in the place and has its code.
        assert {body.place for body in found if body.level != "zone"} == {place.label}
        assert all((body.place or "").startswith(place.code) for body in found)
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
    one, other = (resolve(front(title=title), names, lexicon) for title in titles)
    assert not {body.organisation_id for body in one} & {body.organisation_id for body in other}
    assert [body.function for body in one] == [body.function for body in other]


def test_place_in_no_list_is_one_over_its_documents(lexicon: Lexicon) -> None:
    one, other = (
        resolve(front(("栖山县人民政府",), issued_on=date), ["县教育局"], lexicon)
        for date in ("2021-03-01", "2024-03-01")
    )
    assert one == other and one[0].place == "栖山县"
    for shared in ("鼓楼区人民政府", "高新区管理委员会"):
        one, other = (
            resolve(front((shared,), issued_on=date), ["区财政局"], lexicon) for date in ("2021-03-01", "2024-03-01")
        )
        assert one[0].organisation_id != other[0].organisation_id


def test_ambiguous_place_is_not_guessed(lexicon: Lexicon) -> None:
    # 鼓楼区 lies in four cities.
    (body,) = resolve(front(("鼓楼区人民政府",)), ["区财政局"], lexicon)
    assert body.place is None or body.place == "鼓楼区"
    (known,) = resolve(front(("南京市鼓楼区人民政府",)), ["区财政局"], lexicon)
    assert known.place == "320106 鼓楼区" and known.organisation_id != body.organisation_id


def test_every_form_resolves_to_its_function(lexicon: Lexicon) -> None:
    head = front(("昆山市人民政府",))
    for written in lexicon.bodies.forms:
        form = lexicon.bodies.form(written)
        assert form is not None
        name = "市委" + written if form.branch == "party" else "市" + written
        (body,) = resolve(head, [name], lexicon)
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
        (
            "central_bodies.csv",
            "甲乙部,甲乙部,无此用途,yes,,,",
            "the function '无此用途' does not stand in functions.csv",
        ),
        ("function_stems.csv", "甲乙,无此用途,any", "the function '无此用途' does not stand in functions.csv"),
        ("function_stems.csv", "数据,数据,any", "'数据' stands twice"),
        ("function_stems.csv", "甲乙,数据,village", "of is 'village', should be any or firm"),
        ("functions.csv", "无此用途,nothing,place,level", "no body has this function"),
        ("functions.csv", "科技,science,place,level", "'科技' stands already in line"),
        ("functions.csv", "科技,science,own,level", "rank is 'own', should be place or none"),
        ("functions.csv", "科技,science,none,name", "called is 'name', should be level or place"),
        ("central_bodies.csv", "甲乙部,甲乙部,教育,maybe,,,", "alone is 'maybe', should be yes, no or branch"),
        ("body_endings.csv", "甲乙,甲乙,village,", "use is 'village', should be organ, strong or weak"),
        ("successions.csv", "甲乙局,科学技术局,2018,merged", "no body of bodies.csv has the standard name '甲乙局'"),
        ("successions.csv", "科学技术局,科学技术局,2018,merged", "stand twice or in a circle"),
        ("successions.csv", "环境保护局,生态环境局,2018,renamed", "stand twice or in a circle"),
        ("successions.csv", "外国专家局,科学技术厅,year,merged", "year is 'year', should be a year"),
        ("successions.csv", "外国专家局,科学技术厅,2010,merged", "the year 2010 is far from valid_to 2018"),
        ("successions.csv", "外国专家局,科学技术厅,2018,gone", "kind is 'gone', should be renamed, merged or split"),
        ("zones.csv", "甲乙新区,,999900,", "no place has the code '999900'"),
        ("zones.csv", "甲乙新区,苏州工业园区,320500,", "'苏州工业园区' belongs to '苏州工业园区' already"),
        ("former_places.csv", "999901,甲乙县,甲乙,county,999900,,2018,", "the parent '999900' stands neither in"),
        (
            "former_places.csv",
            "999901,甲乙县,甲乙,county,320500,,2018,999900",
            "has the code '999900' of the successor",
        ),
        ("former_places.csv", "999901,甲乙县,甲乙,county,320500,2019,2018,", "should be a year, not before valid_from"),
        ("number_marks.csv", "锡,999900,", "no place has the code '999900'"),
        ("number_marks.csv", "锡,320200,政", "'锡' stands twice for 320200"),
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
    loaders = {"pla": places, "zon": places, "num": places, "former_": places, "rol": roles}
    next((topic for start, topic in loaders.items() if file.startswith(start)), bodies).load(faults)
    assert any(fault in found for found in faults.found), faults.found


def test_joint_body_has_its_further_functions(lexicon: Lexicon) -> None:
    names = ["市教育体育局", "市农业农村和水务局", "市文化体育广电和旅游局", "市工业和信息化局", "市绿化市容局"]
    found = resolve(front(("昆山市人民政府",)), names, lexicon)
    assert [(body.function, body.also) for body in found] == [
        ("教育", ("体育",)),
        ("农业农村", ("水利",)),
        ("文旅", ("体育", "广电")),
        ("工信", ()),
        ("园林", ("城管",)),
    ]


def test_former_body_names_its_successor_in_the_same_place(lexicon: Lexicon) -> None:
    issuer = front(("苏州市人民政府",))
    former, present = resolve(issuer, ["市工商局", "市市场监管局"], lexicon)
    assert former.valid_to == 2018 and former.successors == ((present.organisation_id, present.name),)
    assert present.successors == ()
    several = resolve(issuer, ["市国土局"], lexicon)[0]
    assert [name for _, name in several.successors] == ["市自然资源局", "市自然资源和规划局"]
    elsewhere = resolve(front(("无锡市人民政府",)), ["市工商局"], lexicon)[0]
    assert elsewhere.successors != former.successors


def test_successions_come_to_an_end(lexicon: Lexicon) -> None:
    followers = lexicon.bodies.successors

    def walk(name: str, before: tuple[str, ...]) -> None:
        assert name not in before, before
        for follower in followers.get(name, ()):
            walk(follower, (*before, name))

    for name in followers:
        walk(name, ())


def test_place_stands_below_those_it_lies_in(lexicon: Lexicon) -> None:
    names = ["市财政局", "高新区", "省财政厅", "财政部"]
    found = resolve(front(("江阴市人民政府",)), names, lexicon)
    assert [body.place_path for body in found] == [
        "江苏省 / 无锡市 / 江阴市",
        "江苏省 / 无锡市 / 江阴市 / 江阴高新区",
        "江苏省",
        None,
    ]


def test_unclear_place_keeps_its_candidates(lexicon: Lexicon) -> None:
    (body,) = resolve(front(), ["鼓楼区财政局"], lexicon)
    assert body.place is None or body.place == "鼓楼区"
    assert {"320106 鼓楼区", "350102 鼓楼区"} <= set(body.candidates)
    assert body.function == "财政" and body.level == "county"
    (known,) = resolve(front(("江苏省人民政府",)), ["南京市鼓楼区财政局"], lexicon)
    assert known.candidates == () and known.place == "320106 鼓楼区"


def test_name_that_the_document_sets_is_its_body(lexicon: Lexicon) -> None:
    issuer = find_issuer(front(("苏州市人民政府",)), (), lexicon)
    names = ["数据办", "市大数据局"]
    apart = resolve_organisations(issuer, names, lexicon)
    same = resolve_organisations(issuer, names, lexicon, {"数据办": "市大数据局"})
    assert apart[0].organisation_id != apart[1].organisation_id
    assert same[0] == same[1]


@settings(max_examples=150, deadline=None)
@given(
    pair=st.lists(st.sampled_from(_issuing_places()), min_size=2, max_size=2, unique_by=lambda place: place.code),
    names=st.lists(
        st.sampled_from(
            [
                "财政局",
                "高新区",
                "经开区管委会",
                "东岭镇",
                "西岭街道办事处",
                "各镇街",
                "人行支行",
                "海关",
                "城投集团",
                "数据办",
            ]
        ),
        min_size=1,
        max_size=5,
        unique=True,
    ),
)
def test_bare_names_of_two_places_are_two_bodies(pair: list[places.Place], names: list[str]) -> None:
    lexicon = load_lexicon()
    one, other = (
        {body.organisation_id for body in resolve(front((_issuer(place, lexicon),)), names, lexicon)} for place in pair
    )
    assert len(one) == len(other) == len(names)
    assert not one & other


@settings(max_examples=60, deadline=None)
@given(place=st.sampled_from(_issuing_places()), kind=st.sampled_from(["高新区", "经开区", "临港新城"]))
def test_bodies_of_an_area_are_not_those_of_its_place(place: places.Place, kind: str) -> None:
    lexicon = load_lexicon()
    names = ["财政局", "科技局", "建设局"]
    of_place = resolve(front((_issuer(place, lexicon),)), names, lexicon)
    of_area = resolve(front((_issuer(place, lexicon).removesuffix("人民政府") + kind + "管理委员会",)), names, lexicon)
    assert not {body.organisation_id for body in of_place} & {body.organisation_id for body in of_area}
    assert [body.function for body in of_place] == [body.function for body in of_area]
    assert {body.level for body in of_area} == {"zone"}


INVENTED = st.builds(
    lambda name, word: name + word,
    st.text(alphabet="云澜沧岑栖霁芦汀湖岭", min_size=2, max_size=4),
    st.sampled_from(["市", "县", "区", "自治州", "旗"]),
)


@settings(max_examples=150, deadline=None)
@given(
    pair=st.lists(
        st.one_of(INVENTED, st.builds(lambda place: place.name, st.sampled_from(_issuing_places()))),
        min_size=2,
        max_size=2,
        unique=True,
    )
)
def test_bodies_of_two_names_of_places_are_two(pair: list[str]) -> None:
    lexicon = load_lexicon()
    names = ["财政局", "发改委", "高新区", "东岭街道", "各乡镇", "海关"]
    one, other = (
        {body.organisation_id for body in resolve(front((place + "人民政府",)), names, lexicon)} for place in pair
    )
    assert not one & other


@settings(max_examples=300, deadline=None)
@given(
    name=st.text(
        alphabet="市省县区委局厅部办中国人民银行政府税务海关开发高新街道镇各有关等（）〔〕“”云州苏昆山团共青",
        min_size=1,
        max_size=14,
    ),
    issuer=st.sampled_from(
        ["苏州市人民政府", "云州市人民政府", "国务院办公厅", "昆山高新区管理委员会", "鼓楼区人民政府", ""]
    ),
)
def test_any_name_gives_one_body(name: str, issuer: str) -> None:
    lexicon = load_lexicon()
    (body,) = resolve(front((issuer,) if issuer else ()), [name], lexicon)
    assert body.name and body.organisation_id.startswith("org-")
    assert (body,) == resolve(front((issuer,) if issuer else ()), [name], lexicon)
    assert body.function is None or body.function in lexicon.bodies.functions
    assert body.level in (None, "national", "province", "city", "county", "township", "zone", "various", "unranked")
