"""How alike the names of two indicators are: 有效高新技术企业数 and 高新技术企业 are one, 省级 and 市级 … are two."""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz.distance import Indel, LCSseq

from pipeline.compare.places import place_name
from pipeline.lexicon import Lexicon
from pipeline.lexicon.canonical import Canonical
from pipeline.model.tables import DocumentRow

FIGURES = re.compile(r"\d+(?:\.\d+)?")
# A Chinese name has its head at the end. Names that end alike in so many characters count the same kind of thing.
HEAD = 2
# So much must be left of a name behind an act in front of it: 孵化载体 is not 载体.
BARE = 3
# The longest name of an area that is looked for in front of an indicator.
LONGEST_AREA = 10
# What each difference leaves of the similarity.
OTHER_CLASS, ONE_CLASS, OTHER_FIGURE, ONE_FIGURE, OTHER_HEAD, ONE_TAIL = 0.55, 0.93, 0.5, 0.85, 0.72, 0.95
# What two names of one thing with different heads have in common at least.
TOPIC = 0.35
# Two wordings of one indicator; two indicators by what custom says of them.
ONE_FAMILY, OTHER_FAMILY = 0.97, 0.7
# A name within the other, with the same head: a modifier was added or left out. In a name more than twice as long the
# characters of a short one are found by chance.
WITHIN, WITHIN_SHARE, HALF = 0.74, 0.22, 0.5


def _within(short: str, long: str) -> bool:
    return bool(LCSseq.similarity(short, long) == len(short))


class Names:
    """Names as a document means them: its own place says nothing, another one does."""

    def __init__(self, document: DocumentRow, lexicon: Lexicon) -> None:
        own = {name for name in [place_name(document.place)] if name}
        self.canonical = Canonical(own, lexicon)
        # 市本级 is the city without its counties.
        self.whole = frozenset(word for word in lexicon.wording["scope"] if not word.endswith("本级")) | own

    def indicator(self, words: str) -> str:
        """Give the canonical name of an indicator."""
        return self.canonical.form(words)

    def area(self, scope: str | None) -> str:
        """Give the area that a target is for; empty where it is the whole place."""
        if scope is None or scope in self.whole:
            return ""
        return self.canonical.form(scope)


class Likeness:
    """Compares names by their characters, by the words that `contrasts.csv` sets against each other, and by families.

    Names of one family of `indicator_synonyms.csv` are one; those of two families, or only related, are two.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        form = Canonical((), lexicon).form
        self.families: dict[str, str] = {}
        self.related: dict[str, set[str]] = {}
        for family in lexicon.families.values():
            self.families |= dict.fromkeys(map(form, (family.name, *family.same)), family.name)
            for word in family.related:
                self.related.setdefault(form(word), set()).add(family.name)
        self.contrasts = lexicon.contrasts
        self.contrasting = lexicon.contrasts.pattern
        self.tails, self.listed = lexicon.indicators.tails, lexicon.indicators.listed
        self.bare = lru_cache(maxsize=None)(self._bare)
        self.area = lexicon.roles.parts["area"]
        self.area_kinds = tuple(sorted(lexicon.wording["area_kind"], key=lambda word: (-len(word), word)))
        self.apart = lru_cache(maxsize=None)(self._apart)
        self.of = lru_cache(maxsize=None)(self._of)
        self.classes = lru_cache(maxsize=None)(self._classes)

    def _of(self, x: str, y: str) -> float:
        """Give the similarity of two canonical names, 0 to 1."""
        if x == y:
            return 1.0
        if y < x:
            x, y = y, x
        first, second = self.families.get(x), self.families.get(y)
        if first is not None and first == second:
            return ONE_FAMILY
        apart = first in self.related.get(y, ()) or second in self.related.get(x, ())
        if apart or (first is not None and second is not None):
            return OTHER_FAMILY * self._alike(x, y)
        bare = self.bare(x), self.bare(y)
        if bare != (x, y):
            score = 1.0 if bare[0] == bare[1] else self._alike(*bare)
            return max(score * (ONE_TAIL if (bare[0] == x) != (bare[1] == y) else 1.0), self._alike(x, y))
        return self._alike(x, y)

    def _apart(self, name: str) -> tuple[str, str]:
        """Give the area that opens a name, and the rest; an empty area where there is none: 高新区执业医师.

        An area that is told by its kind may stand behind the name: 沿海地区供水普及率, 供水普及率山区县.
        """
        for word in self.area_kinds:
            rest = name.removeprefix(word) if name.startswith(word) else name.removesuffix(word)
            if BARE <= len(rest) < len(name):
                return word, rest
        for length in range(min(LONGEST_AREA, len(name) - BARE), 1, -1):
            if self.area.search(name[:length]):
                return name[:length], name[length:]
        return "", name

    def _bare(self, name: str) -> str:
        """Give a name without the act or list by which things come to count: 科技型企业评价入库 → 科技型企业."""
        for word in self.listed:
            if word in name and len(name) > len(word) + 1:
                name = name.replace(word, "", 1)
                break
        for tail in self.tails:
            if name.endswith(tail) and len(name) > len(tail) + 1:
                return name.removesuffix(tail)
            if name.startswith(tail) and len(name) > len(tail) + BARE:
                return name.removeprefix(tail)
        return name

    def same_topic(self, x: str, y: str) -> bool:
        """Tell whether two names of different heads speak of the same: 公共充电桩, 公用充电设施."""
        return self.head(x) != self.head(y) and self.of(x, y) >= TOPIC

    def head(self, name: str) -> str:
        """Give the last characters of a bare name, which say what kind of thing is counted."""
        return self.bare(name)[-HEAD:]

    def _alike(self, x: str, y: str) -> float:
        score = Indel.normalized_similarity(x, y)
        short, long = (x, y) if len(x) <= len(y) else (y, x)
        same_head = short[-HEAD:] == long[-HEAD:]
        share = len(short) / len(long)
        if same_head and len(short) > HEAD and (long.endswith(short) or (share >= HALF and _within(short, long))):
            score = max(score, WITHIN + WITHIN_SHARE * share)
        elif not same_head:
            score *= OTHER_HEAD
        return score * self._contrast(x, y)

    def _contrast(self, x: str, y: str) -> float:
        """Give what is left of a similarity after the words and figures that tell two things apart."""
        left = 1.0
        first, second = self.classes(x), self.classes(y)
        for group in first.keys() | second.keys():
            one, other = first.get(group), second.get(group)
            if one != other:
                left *= OTHER_CLASS if one and other else ONE_CLASS
        figures, others = FIGURES.findall(x), FIGURES.findall(y)
        if figures != others:
            left *= OTHER_FIGURE if figures and others else ONE_FIGURE
        return left

    def _classes(self, name: str) -> dict[str, frozenset[str]]:
        """Give the contrasting words of a name by their group."""
        found: dict[str, set[str]] = {}
        for match in self.contrasting.finditer(name):
            group, meaning = self.contrasts.words[match[0]]
            found.setdefault(group, set()).add(meaning)
        return {group: frozenset(meanings) for group, meanings in found.items()}
