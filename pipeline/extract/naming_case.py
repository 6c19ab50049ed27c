"""A figure whose name is sought, and what its namers share: the members of a list, the noun behind a figure."""

from __future__ import annotations

import regex

from pipeline.extract.completing import finish
from pipeline.extract.grammar import Grammar
from pipeline.extract.indicators import clean, invert
from pipeline.extract.items import Item
from pipeline.extract.peel import Token
from pipeline.extract.quantities import Quantity
from pipeline.extract.shared import expand
from pipeline.extract.statements import Breath, Parts
from pipeline.quick.classes import NamedTuple

LONGEST_LIST = 6

Names = tuple[list[str], str]


class Case(NamedTuple):
    """A figure whose name is sought: `core` is the noun before it, `rest` what follows it, `reason` why its kind."""

    parts: Parts
    quantity: Quantity
    core: str
    rest: str
    item: Item
    grammar: Grammar
    breath: Breath
    reason: str

    @property
    def verb(self) -> Token | None:
        """The verb nearest to the figure."""
        passed = ("adverb", "modality", "comparator_before", "time")
        return next((t for t in self.parts.right if t.name not in passed), None)

    @property
    def preposition(self) -> regex.Match[str] | None:
        """The preposition that opens the core."""
        return self.grammar.patterns["preposition"].match(self.core) if self.core else None

    def has(self, adverb: str) -> bool:
        """True where an adverb of this value (each, respectively) stands before the figure."""
        for token in self.parts.right:
            if token.name == "adverb" and token.value == adverb:
                return True
            if adverb == "each" and token.name == "base" and token.word.endswith("均"):
                # 甲、乙排放量比2020年均下降10%
                return True
        return False

    def finished(self, words: str) -> str:
        """Give `words` as a complete name."""
        placed = False
        for token in self.parts.left:
            placed = placed or (token.name == "scope" and token.value != "each")
        return finish(words, self.item, self.grammar, self.breath, acts=self.parts.verb is not None, placed=placed)


def members_of(case: Case, words: str) -> list[str] | None:
    found = (expand(words, count, case.grammar) for count in range(LONGEST_LIST, 1, -1))
    return next((members for members in found if members is not None), None)


def from_rest(case: Case) -> Names:
    """Name the noun that follows its figure: 新建10家研发机构; 70%企业建有研发机构; 其中30%为海外人才.

    The rule tells whether something is said of the noun besides its number.
    """
    grammar, parts = case.grammar, case.parts
    rest = grammar.patterns["entered"].sub("", grammar.patterns["current-note"].sub("", case.rest))
    if case.quantity.dimension == "share":
        whole = case.breath.indicator if any(t.value == "of_which" for t in parts.left) else None
        described = grammar.patterns["is-what"].match(rest)
        if described:
            of_whole = f"{whole}中" if whole else ""
            return [f"{of_whole}{described.group('what')}占比"], "figure-noun-verb"
        plain = grammar.patterns["by-and-large"].sub("", rest)
        if whole is None and any(t.value == "of_which" for t in parts.left):
            plain = _who_before(case, plain) + plain
        return [plain if plain.endswith(grammar.rates) else plain + "占比"], "figure-noun-verb"
    if become := grammar.patterns["become"].search(rest):
        return [become.group("what")], "figure-noun-verb"
    purpose = parts.verb is not None and parts.verb.word.startswith(grammar.attracting)
    name, said = split_predicate(rest, "", grammar, verbs=False, drop=purpose)
    return [name], "figure-noun-verb" if said else "figure-noun"


def _who_before(case: Case, predicate: str) -> str:
    """Give who the clause before speaks of: 专任教师全部达到大专学历，其中70%达到本科学历."""
    words = clean(case.breath.subject)
    deed = case.grammar.patterns["same-predicate"].match(predicate)
    found = words.find(deed.group()) if deed is not None else -1
    return case.grammar.patterns["all-of-them"].sub("", words[:found]) if found > 1 else ""


def split_predicate(rest: str, place: str, grammar: Grammar, *, verbs: bool, drop: bool = False) -> tuple[str, bool]:
    """Turn noun + predicate into predicate + 的 + noun; with `drop` the predicate (a purpose) is left out."""
    for position in range(1, len(rest) - 1):
        token = grammar.predicates.at_start(rest, position, len(rest))
        if token is None and verbs:
            found = grammar.verbs.at_start(rest, position, len(rest))
            token = found if found is not None and len(found.word) > 1 else None
        if token is not None and rest[token.end :].startswith(("者", "得者", "奖")):
            continue
        if token is not None and token.word == "组织" and rest[position - 1] in "党会业作层政":
            # 1460名村党组织书记
            continue
        if token is None or (token.word == "与" and not grammar.patterns["together"].search(rest)):
            continue
        if token.word == "由" and not grammar.patterns["raised-class"].search(rest):
            continue
        noun = clean(place + rest[:position])
        said = clean(grammar.patterns["generally"].sub("", rest[position:]))
        return (noun if drop else invert(noun, said)), True
    return clean(place + rest), False
