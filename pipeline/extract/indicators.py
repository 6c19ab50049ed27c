"""Make indicators complete: clean their edges and restore what an item of a list leaves out."""

from __future__ import annotations

from pipeline.extract.grammar import Grammar
from pipeline.extract.shared import LEVEL_HEAD, LEVEL_WORD, PLACE_WORD
from pipeline.lexicon.dictionary import dictionary
from pipeline.quick.pattern import pattern

BARE_LEVEL = pattern(rf"(?:{PLACE_WORD}|\p{{Han}}{{2,4}})?{LEVEL_WORD}")
PLACE = pattern(PLACE_WORD)
PLACE_OR_LEVEL = pattern(rf"{PLACE_WORD}|{LEVEL_WORD}")
OF_PLACE = pattern("[省市县区州旗镇乡村]")
GRADE = pattern("[一二三四五六七八九两十百千万]{1,3}亿?级")
BOUND = pattern(r"(?:超?[\d.百千万亿两三]+(?:万|亿)?(?:元|吨|平方米|人|兆瓦|千瓦|亩)(?:及?以上|以下|级)?)")
SPACE = pattern(r"\s+")
PAIRED = frozenset("“”（）()《》「」")
EDGE = "，。；：、,;: 的"


def clean(words: str) -> str:
    """Drop white space, stray marks at the edges and an unpaired quotation mark or bracket."""
    if words.isalnum():
        # letters and digits alone, as most names are
        return words.strip("的")
    words = SPACE.sub("", words).strip(EDGE)
    if PAIRED.isdisjoint(words):
        return words
    for opener, closer in ("“”", "（）", "()", "《》", "「」"):
        if words.count(opener) != words.count(closer):
            if words.startswith(closer) or (words.endswith(opener)):
                words = words.strip(opener + closer)
            elif words.count(closer) > words.count(opener):
                words = words.replace(closer, "", 1) if words.index(closer) < 2 else words
    return words.strip(EDGE)


def is_rate(words: str, grammar: Grammar) -> bool:
    """True where the words name a share, total or amount (覆盖率, 入库数, 产值): a bare figure is then a level."""
    return grammar.is_rate(words)


def kind_of(example: str, noun: str) -> str:
    """Give the kind that an example ending in `noun` belongs to: 清溪县控制单元等40个单元 counts 控制单元."""
    words = dictionary().cut(example[: -len(noun)])
    if len(noun) > 2 or not words or len(words[-1]) != 2 or OF_PLACE.search(words[-1]):
        return noun
    return words[-1] + noun


def restore(words: str, previous: str | None, joint: str, contrasts: tuple[str, ...] = ()) -> str:
    """Give what an item of a list leaves out: its noun after 省级, its place after another of the same list."""
    if previous is None or joint not in ("、", "和", "及", "与", "以及", "，", ","):
        return words
    if words in contrasts and (same := next((c for c in contrasts if previous.startswith(c)), None)):
        return words + previous[len(same) :]
    grade = GRADE.match(previous)
    if GRADE.fullmatch(words) and grade is not None:
        return words + previous[grade.end() :]
    if BARE_LEVEL.fullmatch(words):
        head = LEVEL_HEAD.match(previous)
        return words + previous[head.end() if head else 0 :]
    if joint in ("，", ","):
        return words
    place = PLACE.match(previous)
    if place and place.end() < len(previous) and not PLACE_OR_LEVEL.match(words):
        return place.group() + words
    return words


def restore_graded(words: str, previous: str | None) -> str:
    """30亿元以上项目 after 10亿元以上产业项目 is 30亿元以上产业项目: the noun is told once."""
    if previous is None or (mine := BOUND.match(words)) is None or (theirs := BOUND.search(previous)) is None:
        return words
    if theirs.start() > 0:
        return previous[: theirs.start()] + words
    noun, other = words[mine.end() :], previous[theirs.end() :]
    return mine.group() + other if noun and other.endswith(noun) else words


def invert(noun: str, predicate: str) -> str:
    """A noun and what is said of it as one name: 企业 + 与高校建立合作关系 is 与高校建立合作关系的企业."""
    return f"{predicate}的{noun}" if predicate else noun
