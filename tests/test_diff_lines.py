"""The lines of a comparison for a terminal: they fit, and say what changed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.model.changes import Comparison, Damage
from pipeline.terminal import width
from pipeline.view.diff_lines import diff_lines, summary
from pipeline.view.told import told
from tests.compared import change, compared, parsed

HEAD = "澜江市养老服务行动计划（{years}年）\n\n澜政发〔{year}〕3号\n\n一、行动目标\n\n"
BEFORE = HEAD.format(years="2021—2023", year=2021) + (
    "到2023年，养老床位达到3000张，护理型床位占比达到50%。\n\n二、重点任务\n\n"
    "（一）建设社区食堂。建成社区食堂40家。（责任单位：市民政局、市商务局）\n\n"
    "（二）培养护理人员。培训护理人员900人次。（责任单位：市民政局）\n"
)
AFTER = HEAD.format(years="2024—2026", year=2024) + (
    "到2026年，养老床位达到3600张，护理型床位占比达到65%。\n\n二、重点任务\n\n"
    "（一）建设社区食堂。建成社区食堂60家，开展助餐配送。（责任单位：市民政局、市数据局）\n\n"
    "（二）发展智慧养老。建设家庭养老床位500张。（责任单位：市民政局）\n"
)


@pytest.fixture(scope="module")
def comparison(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    """Give two successive plans."""
    folder = tmp_path_factory.mktemp("plans")
    return compared(parsed(folder, "a.txt", BEFORE), parsed(folder, "b.txt", AFTER))


def text(comparison: Comparison, **options: bool) -> str:
    return "\n".join(words for _, words in diff_lines(comparison, **options))


def test_no_line_is_wider_than_the_terminal(comparison: Comparison) -> None:
    for _, words in diff_lines(comparison, unchanged=True):
        assert width(words) <= 80


def test_both_documents_stand_at_the_head(comparison: Comparison) -> None:
    lines = [words for _, words in diff_lines(comparison)]
    assert lines[0] == "A  澜江市养老服务行动计划（2021—2023年）"
    assert "澜政发〔2021〕3号" in lines[1]
    assert "B  澜江市养老服务行动计划（2024—2026年）" in lines
    assert "   B is the successor of A: title and place agree (similarity 71 %)" in lines


def test_a_target_tells_both_values_the_years_and_the_change(comparison: Comparison) -> None:
    words = text(comparison)
    assert "  ↑ 养老床位  3000张 → 3600张, 2023 → 2026: raised (+600 张, +20 %)" in words
    assert "  ↑ 护理型床位占比  50% → 65%, 2023 → 2026: raised (+15 points)" in words
    assert "+ 家庭养老床位" in words
    assert "− 培训护理人员" in words


def test_organisations_are_told_with_their_section(comparison: Comparison) -> None:
    words = text(comparison)
    assert "+ 市数据局  （一）建设社区食堂: new" in words
    assert "− 市商务局  （一）建设社区食堂: dropped" in words


def test_a_reworded_section_tells_its_first_new_words(comparison: Comparison) -> None:
    assert "“商务局” → “数据局”" in text(comparison)


def test_groups_come_in_order(comparison: Comparison) -> None:
    words = [line for kind, line in diff_lines(comparison) if kind == "heading"]
    places = [words.index(name) for name in ("Targets", "Sections and tasks", "Organisations")]
    assert places == sorted(places)


def test_pairs_without_change_are_told_on_demand(comparison: Comparison) -> None:
    assert "= 二、重点任务: unchanged" not in text(comparison)
    assert "= 二、重点任务: unchanged" in text(comparison, unchanged=True)


def test_equal_texts_have_no_change(comparison: Comparison) -> None:
    (record,) = comparison.a
    same = compared(record, record, kind="same")
    assert "no change; " in text(same)
    assert "Targets" not in text(same)


def test_doubt_and_what_cannot_be_compared_are_told(comparison: Comparison) -> None:
    (one,), (other,) = comparison.a, comparison.b
    row = change(
        "target", "not_comparable", one.targets[0], other.targets[0],
        comparable=False, doubtful=True, reason="level against increase",
    )  # fmt: skip
    words = text(replace(comparison, changes=(row,)))
    assert "? ≠ 养老床位  3000张 → 3600张, 2023 → 2026: not comparable" in words
    assert "not comparable: level against increase" in words
    assert "1 change: 1 not comparable; 0 unchanged; 1 doubtful (?)" in words


def test_damage_of_a_copy_is_listed(comparison: Comparison) -> None:
    (relation,) = comparison.relations
    damaged = replace(
        relation, kind="copy", damage=(Damage(0, 2, 0, 2, "覆盖率", "覆益率"), Damage(5, 7, 5, 5, "万人", ""))
    )
    words = text(replace(comparison, relations=(damaged,)))
    assert "the copy is damaged in 2 places" in words
    assert "“覆盖率” → “覆益率”" in words
    assert "“万人” → (nothing)" in words


def test_control_characters_of_a_document_do_not_reach_the_terminal(comparison: Comparison) -> None:
    row = replace(comparison.changes[0], element="section", a_id=None, b_id=None, b_quote="建设\x1b[2J", change="new")
    assert "\x1b" not in text(replace(comparison, changes=(row,)))


def test_the_summary_counts_by_change(comparison: Comparison) -> None:
    rows = told(comparison)
    raised = sum(row.change == "raised" for row in comparison.changes)
    assert f"{raised} raised" in summary(rows)
    assert summary(rows).startswith(f"{len(comparison.differences)} changes: ")


def test_every_kind_of_change_has_a_sign_and_a_word() -> None:
    from pipeline.model.changes import CHANGES, RELATIONS
    from pipeline.view.signs import RELATION_WORDS, SIGNS

    assert set(SIGNS) == set(CHANGES)
    assert set(RELATION_WORDS) == set(RELATIONS)


def test_a_comparison_as_it_is_made_fits_and_tells_its_targets(comparison: Comparison) -> None:
    from pipeline.compare import compare
    from pipeline.lexicon import load_lexicon

    (one,), (other,) = comparison.a, comparison.b
    lines = list(diff_lines(compare(one, other, load_lexicon())))
    assert max(width(words) for _, words in lines) <= 80
    assert any(words.startswith("  ↑ 养老床位  3000 张 → 3600 张, 2023 → 2026: raised") for _, words in lines)


def test_large_amounts_are_short_and_years_stand_once(tmp_path: Path) -> None:
    one = parsed(tmp_path, "one.txt", "青湖县投资计划\n\n到2023年，旅游总收入达到5.4亿元。\n")
    other = parsed(tmp_path, "other.txt", "青湖县投资计划\n\n到2025年，旅游总收入达到6亿元。\n")
    (a,), (b,) = one.targets, other.targets
    row = change("target", "raised", a, b, before="540000000 元, 2023", after="600000000 元, 2025")
    assert "5.4亿 元 → 6亿 元, 2023 → 2025: raised" in text(Comparison((one,), (other,), (), (row,)))
