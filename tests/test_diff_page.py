"""The page of a comparison: one file, well formed, complete, its marks at the right characters."""

from __future__ import annotations

import base64
import hashlib
import re
import shutil
import subprocess
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from pipeline.model.changes import Comparison, Damage, Relation
from pipeline.view.diff_page import diff_page
from tests.compared import change, compared, parsed

VERSIONS = Path(__file__).parents[1] / "raw" / "versions"
VOID = {"meta", "input", "br", "link", "img", "hr"}
HOSTILE = "<script>alert(1)</script>"


class Page(HTMLParser):
    """Reads a page as a tree would: open elements, ids, links, and the text of every block."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[tuple[str, dict[str, str]]] = []
        self.faults: list[str] = []
        self.tags: Counter[str] = Counter()
        self.ids: Counter[str] = Counter()
        self.links: list[str] = []
        self.outside: list[str] = []
        self.texts: dict[str, str] = {}
        self.marked: dict[str, str] = {}
        self.words: dict[str, str] = {}
        self.feed(text)
        self.close()
        self.faults += [f"<{tag}> is not closed" for tag, _ in self.open]

    def handle_starttag(self, tag: str, found: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in found}
        self.tags[tag] += 1
        self.ids.update([attributes["id"]] if "id" in attributes else [])
        if attributes.get("href", "").startswith("#"):
            self.links.append(attributes["href"][1:])
        self.outside += [value for name in ("src", "href", "action") if (value := attributes.get(name, "#"))[0] != "#"]
        self.faults += [f"{name} runs script" for name in attributes if name.startswith("on") or name == "style"]
        if tag not in VOID:
            self.open.append((tag, attributes))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1][0] != tag:
            self.faults.append(f"</{tag}> closes {self.open[-1:]}")
        else:
            self.open.pop()

    def handle_data(self, words: str) -> None:
        block = next((have["id"] for tag, have in self.open if tag == "article"), None)
        inside = any("text" in have.get("class", "").split() for _, have in self.open)
        aside = any(
            tag in ("a", "i") or have.get("class") == "sr" or "tick" in have.get("class", "") for tag, have in self.open
        )
        if block and inside and not aside:
            self.texts[block] = self.texts.get(block, "") + words
            for _, have in self.open:
                for name in have.get("data-m", "").split():
                    if name != block:
                        self.marked[name] = self.marked.get(name, "") + words
                if have.get("class", "").startswith("k-") and (
                    "k-replace" in have["class"] or "k-insert" in have["class"]
                ):
                    self.words[block] = self.words.get(block, "") + words + "|"


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    """Give two successive plans of an invented county."""
    import pipeline

    return compared(
        pipeline.parse(VERSIONS / "school-plan-2021.txt"), pipeline.parse(VERSIONS / "school-plan-2024.txt")
    )


@pytest.fixture(scope="module")
def html(comparison: Comparison) -> str:
    """Give the page of these plans."""
    return diff_page(comparison)


@pytest.fixture(scope="module")
def page(html: str) -> Page:
    """Give the same page, read."""
    return Page(html)


def test_the_page_is_well_formed(page: Page) -> None:
    assert page.faults == []
    assert [name for name, count in page.ids.items() if count > 1] == []
    assert sorted(set(page.links) - set(page.ids)) == []


def test_the_page_needs_nothing_from_elsewhere(html: str, page: Page) -> None:
    assert page.outside == []
    assert "http://" not in html
    assert "https://" not in html
    assert "url(" not in html
    assert "@import" not in html


def test_only_the_style_and_the_script_of_the_page_may_run(html: str) -> None:
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', html)
    assert policy is not None
    assert "default-src &#39;none&#39;" in policy[1] or "default-src 'none'" in policy[1]
    assert "unsafe-inline" not in policy[1]
    for tag in ("style", "script"):
        found = re.findall(rf"<{tag}>(.*?)</{tag}>", html, re.DOTALL)
        assert len(found) == 1
        assert base64.b64encode(hashlib.sha256(found[0].encode()).digest()).decode() in policy[1]


def test_every_change_has_a_row(comparison: Comparison, page: Page) -> None:
    assert [row.change_id for row in comparison.differences if f"change-{row.change_id}" not in page.ids] == []


def test_unchanged_targets_have_a_row_too(tmp_path: Path) -> None:
    record = parsed(tmp_path, "plan.txt", "青湖县造林行动计划\n\n到2025年，造林面积达到3万亩。\n")
    page = Page(diff_page(compared(record, record, kind="same")))
    assert page.faults == []
    assert f"change-target-{record.targets[0].target_id}-{record.targets[0].target_id}" in page.ids


def test_every_section_stands_in_full_on_its_side(comparison: Comparison, page: Page) -> None:
    for side, (record,) in (("a", comparison.a), ("b", comparison.b)):
        for section in record.sections:
            assert page.texts[f"{side}-{section.section_id}"].strip() == section.text.strip()


def test_targets_are_marked_at_their_characters(comparison: Comparison, page: Page) -> None:
    for side, (record,) in (("a", comparison.a), ("b", comparison.b)):
        for target in record.targets:
            assert page.marked[f"{side}-{target.target_id}"] == target.quote


def test_changed_words_are_marked(comparison: Comparison, page: Page) -> None:
    (record,) = comparison.b
    section = next(row for row in record.sections if row.title == "加大投入")
    assert page.words[f"b-{section.section_id}"] == "6亿元|"


def test_links_of_rows_lead_to_the_marks(comparison: Comparison, html: str) -> None:
    row = next(row for row in comparison.changes if row.element == "target" and row.change == "raised")
    line = html[html.index(f'id="change-{row.change_id}"') :]
    line = line[: line.index("</tr>")]
    assert f'data-a="a-{row.a_id}" data-b="b-{row.b_id}"' in line
    assert f'href="#b-{row.b_id}"' in line


def test_hostile_text_stays_text(tmp_path: Path) -> None:
    text = f"青湖县{HOSTILE}行动计划\n\n一、目标{HOSTILE}\n\n到2025年，“{HOSTILE}”企业达到30家。\n"
    one = parsed(tmp_path, f"one'\"{'&'}.txt", text)
    other = parsed(tmp_path, "other.txt", text.replace("30家", "50家"))
    row = change("section", "reworded", one.sections[0], other.sections[0], reason=f'"><img src=x>{HOSTILE}')
    comparison = compared(one, other, extra=[replace(row, change_id=f'"{HOSTILE}')])
    html = diff_page(comparison)
    assert HOSTILE not in html
    assert Page(html).tags["script"] == 1
    assert "<img" not in html


def test_new_and_dropped_sections_say_so_in_words(comparison: Comparison, html: str) -> None:
    (record,) = comparison.b
    section = next(row for row in record.sections if row.title == "提升保教质量")
    block = html[html.index(f'id="b-{section.section_id}"') :]
    assert "+ new" in block[: block.index("</article>")]


def test_sections_without_change_are_folded(tmp_path: Path) -> None:
    text = "青湖县造林行动计划\n\n一、目标\n\n到2025年，造林面积达到3万亩。\n\n二、保障\n\n各镇要落实责任。\n"
    one, other = parsed(tmp_path, "one.txt", text), parsed(tmp_path, "other.txt", text.replace("3万亩", "5万亩"))
    html = diff_page(compared(one, other))
    blocks = {name: what for what, name in re.findall(r'<article class="block (\w+)[^>]*id="b-([^"]+)"', html)}
    by_title = {section.title: blocks[section.section_id] for section in other.sections}
    assert by_title["保障"] == "same"
    assert by_title["目标"] == "changed"


def test_parts_of_a_split_section_stand_beside_the_whole(tmp_path: Path) -> None:
    whole = parsed(tmp_path, "whole.txt", "青湖县行动计划\n\n一、造林和治水\n\n每年造林3万亩。每年治理河道5公里。\n")
    parts = parsed(
        tmp_path, "parts.txt", "青湖县行动计划\n\n一、造林\n\n每年造林3万亩。\n\n二、治水\n\n每年治理河道5公里。\n"
    )
    one = next(row for row in whole.sections if row.title == "造林和治水")
    others = [row for row in parts.sections if row.title in ("造林", "治水")]
    rows = tuple(change("section", "split", one, other) for other in others)
    html = diff_page(Comparison((whole,), (parts,), (), rows))
    page = Page(html)
    pair = html[html.rindex('<div class="pair', 0, html.index(f'id="a-{one.section_id}"')) :]
    pair = pair[: pair.index('<div class="pair', 10)] if '<div class="pair' in pair[10:] else pair
    assert all(f'id="b-{other.section_id}"' in pair for other in others)
    assert "÷ split" in pair
    # The sentences stayed; only headings are marked.
    assert "治理河道" not in page.words.get(f"b-{others[1].section_id}", "")


def test_damage_is_listed_and_marked(tmp_path: Path) -> None:
    text = "青湖县造林行动计划\n\n一、目标\n\n到2025年，森林覆盖率达到30%，造林面积达到3万亩。\n"
    one = parsed(tmp_path, "one.txt", text)
    other = parsed(tmp_path, "copy.txt", text.replace("覆盖率", "覆益率").replace("造林面积", ""))
    a, b = one.text.index("覆盖率"), other.text.index("覆益率")
    gone, place = one.text.index("造林面积"), other.text.index("，达到") + 1
    damage = (Damage(a, a + 3, b, b + 3, "覆盖率", "覆益率"), Damage(gone, gone + 4, place, place, "造林面积", ""))
    comparison = compared(one, other, kind="copy")
    html = diff_page(replace(comparison, relations=(replace(comparison.relations[0], damage=damage),)))
    page = Page(html)
    name = f"damage-{one.document.document_id}-{other.document.document_id}"
    assert page.faults == []
    assert "Damage of the copy: 2 places" in html
    assert page.marked[f"a-{name}-1"] == "覆盖率"
    assert page.marked[f"b-{name}-1"] == "覆益率"
    assert page.marked[f"a-{name}-2"] == "造林面积"
    assert 'class="missing"' in html
    assert set(page.links) <= set(page.ids)


def test_equal_texts_say_no_change(comparison: Comparison) -> None:
    (record,) = comparison.a
    html = diff_page(compared(record, record, kind="same"))
    assert "No change." in html
    assert "A and B are the same text" in html


def test_several_documents_on_a_side_are_named(comparison: Comparison) -> None:
    (one,), (other,) = comparison.a, comparison.b
    relation = Relation(one.document.document_id, other.document.document_id, "successor", 0.7, "next years")
    html = diff_page(Comparison((one,), (one, other), (relation,), ()))
    page = Page(html)
    assert page.faults == []
    assert html.count('class="source"') == 3
    assert "B2 is the successor of A:" in html


def test_cells_of_a_row_stand_apart_and_in_full(tmp_path: Path) -> None:
    text = (
        "青湖县任务分解表\n\n序号\t重点任务\t牵头单位\n1\t新建公园8个，改造绿地20公顷\t县城管局\n"
        "2\t改造老旧小区15个\t县住建局\n"
    )
    one, other = parsed(tmp_path, "one.txt", text), parsed(tmp_path, "other.txt", text.replace("15个", "18个"))
    html = diff_page(compared(one, other))
    page = Page(html)
    rows = [section for section in other.sections if section.kind == "row"]
    assert len(rows) == 2
    for section in rows:
        assert page.texts[f"b-{section.section_id}"].strip() == section.text.strip()
    assert html.count('<i class="bar">') >= 8


def test_a_comparison_as_it_is_made(comparison: Comparison) -> None:
    from pipeline.compare import compare
    from pipeline.lexicon import load_lexicon

    (one,), (other,) = comparison.a, comparison.b
    made = compare(one, other, load_lexicon())
    page = Page(diff_page(made))
    assert page.faults == []
    assert [name for name, count in page.ids.items() if count > 1] == []
    assert sorted(set(page.links) - set(page.ids)) == []
    assert [row.change_id for row in made.differences if f"change-{row.change_id}" not in page.ids] == []
    for side, record in (("a", one), ("b", other)):
        assert [row.quote for row in record.targets if page.marked[f"{side}-{row.target_id}"] != row.quote] == []


def test_a_comparison_of_nothing_is_a_page(comparison: Comparison) -> None:
    assert Page(diff_page(Comparison((), (), (), ()))).faults == []


def test_the_same_comparison_gives_the_same_page(comparison: Comparison, html: str) -> None:
    assert diff_page(comparison) == html


@pytest.mark.skipif(shutil.which("chromium") is None, reason="no Chromium to open the page with")
def test_a_browser_builds_two_panes_and_goes_to_the_fragment(comparison: Comparison, html: str, tmp_path: Path) -> None:
    row = next(row for row in comparison.changes if row.element == "target" and row.change == "raised")
    path = tmp_path / "page.html"
    path.write_text(html, encoding="utf-8")
    command = [
        "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--window-size=1400,900",
        f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom", f"{path.as_uri()}#change-{row.change_id}",
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=120, check=False)
    if done.returncode:
        pytest.skip("Chromium does not start here")
    panes = done.stdout[done.stdout.index('id="panes"') : done.stdout.index('id="pairs"')]
    assert panes.count("<article") == len(comparison.a[0].sections) + len(comparison.b[0].sections)
    assert re.search(rf'class="[^"]*\bhit\b[^"]*"[^>]*data-m="b-{re.escape(row.b_id or "")}"', panes)
    assert re.search(r'<tr id="change-[^>]*aria-current="true"', done.stdout)
