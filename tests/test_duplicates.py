"""Copies are found whatever happened to them, versions and strangers are not taken for copies, the better one wins."""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest

import pipeline
from benchmarks.duplicates import measure, texts
from pipeline.compare.copies.duplicates import find_copies
from pipeline.compare.copies.likeness import body_of, likeness
from pipeline.compare.copies.signs import figures_of, letters_of, shingles_of, signs_of
from pipeline.compare.copies.worth import Facts, worth_of
from pipeline.duplicates import duplicate_lines, duplicate_table, find_duplicates
from pipeline.model.reports import DuplicateRow
from pipeline.stored import NoDatasetError
from pipeline.terminal import width
from tests.made_plans import CLOSING, NOTICE, damaged, facts_of, plan_text

ROOT = Path(__file__).parents[1]
SEEDS = ROOT.parent / "shared" / "seeds"
PLAN = plan_text(1)


def found(*documents: tuple[str, str] | tuple[str, str, dict[str, object]]) -> list[DuplicateRow]:
    texts = {document[0]: document[1] for document in documents}
    given = [(facts_of(d[0], d[1], **(d[2] if len(d) > 2 else {})), d[1]) for d in documents]
    return find_copies(given, texts.__getitem__)


def relations(rows: Sequence[DuplicateRow]) -> dict[str, str]:
    return {row.document_id: row.relation for row in rows}


def better(rows: Sequence[DuplicateRow]) -> list[str]:
    return [row.document_id for row in rows if row.better]


# Signs and shingles.


def test_punctuation_white_space_and_width_of_lines_are_no_signs() -> None:
    signs = signs_of(letters_of("一、到 2025 年，\n培育企业300家（ABC）。"))
    assert signs_of(letters_of("一到2025年培育企业300家abc")).tolist() == signs.tolist()


def test_a_figure_is_one_sign_and_kept_apart() -> None:
    letters = letters_of("2023—2025年新增3.5万家")
    assert figures_of(letters) == ["20232025", "35"]
    assert "".join(map(chr, signs_of(letters))) == "#年新增#万家"


def test_shingles_tell_where_words_stand_and_nothing_of_short_texts() -> None:
    signs = signs_of(letters_of("云州市行动计划云州市行动"))
    assert shingles_of(signs)[0] == shingles_of(signs)[7]
    assert len(shingles_of(signs)) == len(signs) - 4
    assert not len(shingles_of(signs[:4])) and not len(shingles_of(signs[:0]))


def test_figures_are_compared_between_the_same_words() -> None:
    like = likeness(
        body_of("到2025年全市培育企业300家以上并建成平台12个左右"), body_of("到2026年全市培育企业300家以上")
    )
    assert like.changed == ()
    other = likeness(body_of("全市力争培育企业300家以上，覆盖全域"), body_of("全市力争培育企业350家以上，覆盖全域"))
    assert (other.figures, other.changed, other.exchanged) == (1, (("300", "350"),), 1)


# What is a copy.


def test_identical_text_whatever_its_white_space() -> None:
    rows = found(("a", PLAN), ("b", PLAN.replace("。", "。\n")), ("c", plan_text(2)))
    assert relations(rows) == {"a": "identical text", "b": "identical text"}
    assert {row.similarity for row in rows} == {Decimal(1)}


@pytest.mark.parametrize("share", [0.003, 0.01, 0.03, 0.06, 0.1])
def test_a_damaged_copy_is_found(share: float) -> None:
    rows = found(("a", PLAN), ("b", damaged(PLAN, share), {"damaged": 20}), ("c", plan_text(2)))
    assert relations(rows) == {"a": "same text", "b": "same text"}
    assert better(rows) == ["a"]


def test_a_copy_set_anew_without_punctuation_is_the_same_text() -> None:
    rows = found(("a", PLAN), ("b", PLAN.replace("，", " ").replace("。", "；")))
    assert relations(rows) == {"a": "same text", "b": "same text"}


def test_a_plan_inside_a_notice_with_others() -> None:
    plans = [plan_text(seed) for seed in (1, 2, 3)]
    text = NOTICE + "".join(plans) + CLOSING
    starts = [len(NOTICE) + sum(map(len, plans[:k])) for k in range(3)]
    parts = tuple((start, start + len(plan)) for start, plan in zip(starts, plans, strict=True))
    rows = found(("alone", plans[1]), ("notice", text, {"parts": parts}), ("third", plans[2]))
    assert relations(rows) == {"notice": "contained", "alone": "contained", "third": "contained"}
    assert better(rows) == ["notice"]
    assert {row.other_id for row in rows if not row.better} == {"notice"}
    assert len({row.group_id for row in rows}) == 1


def test_an_excerpt_is_contained_in_the_whole() -> None:
    rows = found(("part", PLAN[: len(PLAN) // 2], {"front": ("title", "date")}), ("whole", PLAN))
    assert relations(rows) == {"whole": "contained", "part": "contained"}
    assert better(rows) == ["whole"]


def test_copies_of_a_part_stay_with_the_whole() -> None:
    part = PLAN[: len(PLAN) // 2]
    rows = found(("part", part), ("copy", damaged(part, 0.02), {"damaged": 9}), ("whole", PLAN))
    assert len({row.group_id for row in rows}) == 1 and better(rows) == ["whole"]


# What is none.


def test_other_figures_make_a_version() -> None:
    other = PLAN.replace("2025", "2028")
    rows = found(("a", PLAN), ("b", other))
    assert relations(rows) == {"a": "version", "b": "version"}
    assert better(rows) == ["a", "b"]
    assert "figures differ" in rows[0].reason and "2025 against 2028" in rows[0].reason


def test_one_figure_that_was_changed_makes_a_version() -> None:
    start = re.search("[0-9]+[家个项处公亩]", PLAN[500:]).start() + 500  # type: ignore[union-attr]
    rows = found(("a", PLAN), ("b", PLAN[:start] + "1" + PLAN[start:]))
    assert set(relations(rows).values()) == {"version"}


def test_a_template_of_two_cities_is_no_copy() -> None:
    rows = found(("a", PLAN), ("b", plan_text(1, city="澜江市"), {"titles": ("澜江市行动计划",)}))
    assert relations(rows) == {"a": "version", "b": "version"}
    assert "云州" in rows[0].reason or "澜江" in rows[0].reason


def test_a_template_without_a_place_in_its_title_is_no_copy() -> None:
    titles = {"titles": ("养老服务行动计划",)}
    one, other = titles | {"issuers": ("云州市人民政府",)}, titles | {"issuers": ("澜江市人民政府",)}
    rows = found(("a", PLAN, one), ("b", plan_text(1, city="澜江市"), other))
    assert set(relations(rows).values()) == {"version"}
    there = titles | {"place_path": "青川省 / 澜江市"}
    rows = found(("a", PLAN, titles | {"place_path": "青川省 / 云州市"}), ("b", PLAN.replace("云州", "我"), there))
    assert set(relations(rows).values()) == {"version"} and "different places" in rows[0].reason


def test_a_county_that_passes_on_the_plan_of_its_city_copies_it() -> None:
    passed_on = {"place_path": "青川省 / 云州市 / 临湖县"}
    rows = found(("a", PLAN, {"place_path": "青川省 / 云州市"}), ("b", PLAN.replace("，", " "), passed_on))
    assert set(relations(rows).values()) == {"same text"}


def test_a_damaged_title_is_no_other_subject() -> None:
    copy = damaged(PLAN, 0.01).replace("云州市", "云丬市", 1)
    rows = found(("a", PLAN), ("b", copy, {"titles": ("云丬市行动计划",), "damaged": 9}))
    assert relations(rows) == {"a": "same text", "b": "same text"}


def test_passages_of_their_own_on_both_sides_make_a_version() -> None:
    half = plan_text(1, sentences=60)
    rows = found(("a", half + plan_text(5, sentences=20)), ("b", half + plan_text(6, sentences=20)))
    assert set(relations(rows).values()) == {"version"}


def test_what_all_documents_say_joins_no_strangers() -> None:
    documents = []
    for seed in range(12):
        plan = plan_text(seed, sentences=6)
        text = NOTICE + plan + CLOSING
        documents.append((f"d{seed:02}", text, {"parts": ((len(NOTICE), len(NOTICE) + len(plan)),)}))
    assert found(*documents) == []


def test_short_texts_are_left_alone() -> None:
    assert found(("a", "各县人民政府：请认真组织实施。"), ("b", "各县人民政府：请认真组织实施。"), ("c", "")) == []


# Which one is better.


def test_points_say_what_they_are_for() -> None:
    front = ("title", "document number", "issuer", "date")
    good = worth_of(facts_of("a", PLAN, front=front))
    assert good.points == 5 and "document number" in good.reasons
    scan = worth_of(facts_of("b", PLAN, media_type="application/pdf", recognised=True, front=front))
    assert scan.points == 3 and "pictures" in scan.reasons
    torn = worth_of(facts_of("c", PLAN, front=front, damaged=4, characters=2000, unexplained=4))
    assert torn.points == Decimal("2.0")
    assert "4 damaged places (−2.0)" in torn.reasons and "4 of 40 numbers unexplained (−1.0)" in torn.reasons


@pytest.mark.parametrize(
    "worse",
    [{"front": ()}, {"damaged": 5}, {"unexplained": 9}, {"media_type": "application/pdf"}, {"recognised": True}],
)
def test_each_criterion_decides_alone(worse: dict[str, object]) -> None:
    rows = found(("a", PLAN, worse), ("b", PLAN))
    assert better(rows) == ["b"] and rows[0].score > rows[1].score


# Laws.


def batch() -> list[tuple[Facts, str]]:
    texts = {
        "p": PLAN, "p-damaged": damaged(PLAN, 0.03), "p-again": PLAN + "\n", "p-part": PLAN[: len(PLAN) // 2],
        "p-next": PLAN.replace("2025", "2030"), "q": plan_text(2), "q-damaged": damaged(plan_text(2), 0.05),
        "r": plan_text(3), "s": plan_text(4, sentences=90),
    }  # fmt: skip
    return [(facts_of(name, text, damaged=5 * ("damaged" in name)), text) for name, text in texts.items()]


def test_the_order_of_documents_does_not_matter() -> None:
    documents = batch()
    texts = {facts.document_id: text for facts, text in documents}
    first = find_copies(documents, texts.__getitem__)
    assert {row.relation for row in first} == {"identical text", "same text", "contained", "version"}
    for seed in range(4):
        Random(seed).shuffle(documents)
        assert find_copies(documents, texts.__getitem__) == first


def test_an_unrelated_document_changes_nothing() -> None:
    documents = batch()
    stranger = plan_text(99)
    texts = {facts.document_id: text for facts, text in documents} | {"stranger": stranger}
    more = [*documents, (facts_of("stranger", stranger), stranger)]
    assert find_copies(more, texts.__getitem__) == find_copies(documents, texts.__getitem__)


def test_being_a_copy_is_symmetric() -> None:
    documents = batch()
    for one, other in itertools.combinations(documents, 2):
        texts = {one[0].document_id: one[1], other[0].document_id: other[1]}
        rows = find_copies([one, other], texts.__getitem__)
        assert rows == find_copies([other, one], texts.__getitem__)
        assert len(rows) in (0, 2) and len({row.relation for row in rows}) <= 1
        assert {row.document_id for row in rows} == {row.other_id for row in rows}


def test_every_group_has_one_better_source_and_every_document_one_row() -> None:
    rows = find_copies(batch(), dict((facts.document_id, text) for facts, text in batch()).__getitem__)
    copies = [row for row in rows if row.relation != "version"]
    for _, group in itertools.groupby(copies, key=lambda row: row.group_id):
        assert next(row.better for row in group)
    assert sum(row.better for row in copies) == len({row.group_id for row in copies})
    assert len({row.document_id for row in copies}) == len(copies)


# An output folder.


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("duplicates") / "tables"
    pipeline.parse_folder(ROOT / "raw").write(out)
    return out


def test_the_samples(folder: Path) -> None:
    rows = find_duplicates(folder)
    copies = [row for row in rows if row.relation != "version"]
    assert [(row.source, row.better) for row in copies] == [
        ("notice-with-one-plan.txt", True),
        ("noisy-copy.txt", False),
    ]
    versions = {row.source for row in rows if row.relation == "version"}
    assert versions == {"versions/school-plan-2021.txt", "versions/school-plan-2024.txt"}


def test_table_and_lines(folder: Path) -> None:
    rows = find_duplicates(folder)
    read = list(csv.DictReader(io.StringIO(duplicate_table(rows))))
    assert [row["document_id"] for row in read] == [row.document_id for row in rows]
    assert all(row["reason"] for row in read)
    lines = list(duplicate_lines(rows, 40))
    assert max(map(width, lines)) <= 80
    assert any(line.startswith(" * notice-with-one-plan.txt") for line in lines)
    assert "1 more groups" in "\n".join(duplicate_lines(rows, 1))


def test_a_folder_without_tables(tmp_path: Path) -> None:
    with pytest.raises(NoDatasetError):
        find_duplicates(tmp_path)


def test_every_kind_of_copy_is_found_among_many() -> None:
    _, missed, false = measure(list(texts(60)))
    assert (missed, false) == (0, 0)


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the shared documents are not here")
def test_the_noisy_copy_of_a_real_plan(tmp_path: Path) -> None:
    pipeline.parse_folder(SEEDS).write(tmp_path / "out")
    rows = find_duplicates(tmp_path / "out")
    assert [(row.source[:3], row.relation, row.better) for row in rows] == [
        ("000", "same text", True),
        ("003", "same text", False),
    ]
