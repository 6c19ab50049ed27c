"""Generated plans in any number, as text files and web pages: what a run over many documents is measured with.

    python benchmarks/documents.py FOLDER --count 100000 [--first 0]

A seed decides all of a document: 2 to 20 KB, its headings, sentences, targets, organisations, tables. The names of
things are put together anew in each sentence, so that hardly a sentence comes twice in a hundred thousand documents.
"""

from __future__ import annotations

import argparse
import html
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

CHINESE = "一二三四五六七八九十"
# Of ten documents so many are web pages; so many have a table of indicators.
PAGES, TABLES = 0.4, 0.3
# So many in one folder: file systems and people are slow with more.
IN_A_FOLDER = 1000
PAGE_HEAD = """<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>{title}</title>
<script>var page = "plan";</script><style>.text p {{ text-indent: 2em }}</style></head>
<body><div class="nav"><a href="/">首页</a> &gt; <a href="/gk">政务公开</a></div>
<div class="text">
"""
# A line of a document: what it is (title, text, row of a table, signature), and its words.
Line = tuple[str, str]


@cache
def words() -> dict[str, Any]:
    """Give the words of the grammar."""
    return tomllib.loads(Path(__file__).with_name("documents.toml").read_text(encoding="utf-8"))


class Writer:
    """Writes one plan, by its seed."""

    def __init__(self, seed: int) -> None:
        self.random = random = Random(seed)
        self.words = words()
        self.start = random.randint(2015, 2026)
        self.year = self.start + random.choice((2, 2, 4))
        self.place = random.choice(self.words["places"]) + random.choice(self.words["levels"])

    def thing(self) -> str:
        """Give the name of a thing, of two or three stems."""
        stems = self.words["stems"]
        return "".join(self.random.choices(stems, k=2 + (self.random.random() < 0.4)))

    def filled(self, pattern: str) -> str:
        """Give a pattern with words in the place of its names."""
        random, words_ = self.random, self.words
        choose = random.choice
        kind = choose(words_["kinds"])
        return pattern.format(
            a=self.thing(), b=self.thing(), c=self.thing(), d=self.thing(), k=kind,
            u=words_["units"].get(kind, "个"), v=choose(words_["deeds"]), w=choose(words_["deeds"]),
            m=choose(words_["manners"]), o=choose(words_["manners"]), x=choose(words_["wholes"]),
            y=choose(words_["wholes"]), n=random.randint(20, 9000), t=random.randint(2, 400),
            p=f"{random.randint(400, 999) / 10:g}", q=f"{random.randint(5, 180) / 10:g}", e=random.randint(3, 4000),
            year=self.year, last=self.year - 1, start=self.start, add=choose(words_["adds"]),
            rank=choose(words_["levels_of_things"]), body=choose(words_["bodies"]), rate=choose(words_["rates"]),
            sum=choose(words_["amounts"]), bodies="、".join(random.sample(words_["bodies"], random.randint(1, 5))),
        )  # fmt: skip

    def any_of(self, name: str) -> str:
        """Give one of the patterns of a name, filled."""
        return self.filled(self.random.choice(self.words[name]))

    def lines(self) -> Iterator[Line]:
        """Give the lines of the plan."""
        random = self.random
        title = f"{self.place}{self.thing()}{random.choice(self.words['genres'])}"
        yield "title", f"{title}（{self.start}—{self.year}年）"
        if random.random() < 0.6:
            yield "text", f"{self.place[0]}政办发〔{self.start}〕{random.randint(1, 160)}号"
        yield "text", f"为{self.any_of('prose')[:-1]}，结合实际，制定本方案。"
        yield "head", "一、总体目标"
        yield "text", "".join(self.any_of("targets") for _ in range(random.randint(2, 5)))
        if random.random() < TABLES:
            yield from self.table()
        groups = random.randint(1, 5)
        for group in range(groups):
            yield "head", f"{CHINESE[group + 1]}、{self.any_of('groups')}"
            yield from self.tasks(random.randint(2, 7))
        yield "head", f"{CHINESE[groups + 1]}、保障措施"
        yield "text", "".join(self.any_of("prose") for _ in range(random.randint(2, 4)))
        yield "sign", f"{self.place}人民政府办公室"
        yield "sign", f"{self.start}年{random.randint(1, 12)}月{random.randint(1, 28)}日"

    def tasks(self, count: int) -> Iterator[Line]:
        """Give tasks with their sentences, targets and organisations."""
        for task in range(count):
            said = [self.any_of("prose") for _ in range(self.random.randint(2, 6))]
            said += [self.any_of("targets") for _ in range(self.random.choice((0, 0, 1, 1, 2)))]
            charge = self.any_of("charges")
            heading = f"（{CHINESE[task]}）{self.any_of('titles')}"
            if self.random.random() < 0.5:
                yield "text", f"{heading}。{''.join(said)}{charge if charge.startswith('（') else ''}"
            else:
                yield "head", heading
                yield "text", "".join(said)
                if charge:
                    yield "text", charge

    def table(self) -> Iterator[Line]:
        """Give a table of indicators, its cells parted by tabs."""
        yield "row", f"指标\t单位\t{self.start}年\t{self.year}年\t属性"
        for _ in range(self.random.randint(4, 12)):
            name = self.thing() + self.random.choice(self.words["rates"])
            now = self.random.randint(100, 800)
            goal = now + self.random.randint(5, 190)
            yield "row", f"{name}\t%\t{now / 10:g}\t{goal / 10:g}\t{self.random.choice(('预期性', '约束性'))}"


def as_text(lines: list[Line]) -> str:
    """Give lines as a text file."""
    return "".join(f"　　{said}\n" if kind == "text" else f"{said}\n" for kind, said in lines)


def as_page(lines: list[Line]) -> str:
    """Give lines as a web page with what surrounds a plan on one: navigation, a script, a footer."""
    parts = [PAGE_HEAD.format(title=html.escape(lines[0][1]))]
    inside = False
    for kind, said in lines:
        if inside != (kind == "row"):
            inside = not inside
            parts.append("<table>\n" if inside else "</table>\n")
        words_ = html.escape(said)
        if kind == "row":
            parts.append(f"<tr><td>{'</td><td>'.join(words_.split(chr(9)))}</td></tr>\n")
        else:
            tag = {"title": "h1", "head": "p><strong"}.get(kind, "p")
            end = {"title": "h1", "head": "strong></p"}.get(kind, "p")
            parts.append(f"<{tag}>{words_}</{end}>\n")
    return "".join(parts) + '</div>\n<div class="foot">主办单位：人民政府办公室</div></body></html>\n'


def document(seed: int) -> tuple[str, bytes]:
    """Give the ending of the file's name and the bytes of the document of a seed."""
    writer = Writer(seed)
    lines = list(writer.lines())
    if writer.random.random() < PAGES:
        return ".html", as_page(lines).encode("utf-8")
    return ".txt", as_text(lines).encode("utf-8")


def path_of(folder: Path, seed: int, suffix: str) -> Path:
    """Give where the document of a seed lies."""
    return folder / f"{seed // IN_A_FOLDER:03}" / f"{seed:06}{suffix}"


def write_documents(folder: Path, count: int, first: int = 0) -> int:
    """Write the documents of seeds, each in a file; gives the bytes."""
    size = 0
    for seed in range(first, first + count):
        suffix, data = document(seed)
        path = path_of(folder, seed, suffix)
        if seed == first or not seed % IN_A_FOLDER:
            path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        size += len(data)
    return size


def main() -> None:
    """Write documents into a folder."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    given = parser.parse_args()
    print(f"{write_documents(given.folder, given.count, given.first):,} bytes")


if __name__ == "__main__":
    main()
