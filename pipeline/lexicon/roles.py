"""Lexicon topic: roles. How plans say which body leads, answers for or takes part in a task."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, cast

import regex

from pipeline.lexicon.loader import Faults, Rule, read_rules, read_table
from pipeline.lexicon.sieve import Sieve, sieve
from pipeline.quick.classes import dataclass
from pipeline.quick.pattern import pattern

Role = Literal["lead", "responsible", "participant"]
USES = ("stem", "label", "noun", "adverb", "action", "joint", "person")
KINDS = ("standing", "first", "deadline", "part")
PARTS = (
    "open-list", "lead-in", "conjunction", "aside", "shared-ending", "list-mark", "ditto", "prose", "prose-role",
    "prose-start", "prose-modal", "prose-modal-inside", "defined-by-list", "defined-as", "due-column",
)  # fmt: skip
NAME_PARTS = (
    "level", "government", "area", "committees", "youth-league", "issuer-place", "number-of-province",
    "number-of-place", "number-year", "issues", "centre", "zone", "town", "stationed", "unlisted-place", "of-area",
    "of-government", "office", "every-level", "own-departments", "unranked-members", "member-kind", "members-below",
    "bare-kind",
    "own-place", "taiwan",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Roles:
    """Words and passages that give roles.

    `stems` and `label_stems` map a word to its role, `label_ends` are the last words of labels. `verb` finds, at the
    end of a piece, what the names before it do: groups `adverb` and `role`; it ends in one of `verb_ends`. `joint`
    finds a word at the start of a piece, or inside it, that opens the names of those who take part. `opening` finds a
    label without colon at the start of a note, `linked` its last character with the link behind it (位为). `prose`
    finds what bodies of plain text do (`role`), or the word before those who do it with them (`joint`). `mention`
    finds any word that bears a role, `deadline` what tells when instead of who. `passages` are the rules of kind
    standing and first. `parts` are patterns by id, all of PARTS (of lists and sentences) and NAME_PARTS (of names).
    """

    stems: Mapping[str, Role]
    label_stems: Mapping[str, Role]
    label_ends: tuple[str, ...]
    nouns: tuple[str, ...]
    persons: tuple[str, ...]
    verb: regex.Pattern[str]
    verb_ends: tuple[str, ...]
    joint: regex.Pattern[str]
    opening: regex.Pattern[str]
    linked: regex.Pattern[str]
    prose: regex.Pattern[str]
    mention: regex.Pattern[str]
    passages: Sieve
    deadline: regex.Pattern[str]
    parts: Mapping[str, regex.Pattern[str]]

    def of_label(self, label: str) -> Role | None:
        """Give the role of a label (牵头单位, 主要责任部门, 配合), None where it asks for something else.

        Where a label joins a leading and a helping word (牵头、配合单位), its bodies are responsible together.
        """
        if not label.endswith(self.label_ends) or label.endswith(self.persons):
            return None
        found = [stem for stem in self.label_stems if stem in label]
        whole = [stem for stem in found if not any(stem != other and stem in other for other in found)]
        roles = {self.label_stems[stem] for stem in whole}
        if not roles:
            return None
        if roles >= {"lead", "participant"}:
            return "responsible"
        for role in ("lead", "participant"):
            if role in roles:
                return cast(Role, role)
        return "responsible"

    def is_noun_label(self, label: str) -> bool:
        """Tell whether a label closes with a word for bodies (单位, 部门), so that it cannot be plain prose."""
        return label.endswith(self.nouns)


def _alternatives(words: list[str]) -> str:
    return "|".join(regex.escape(word) for word in sorted(words, key=len, reverse=True))


def _read_rules_by_kind(faults: Faults) -> dict[str, tuple[Rule, ...]]:
    rules: dict[str, list[Rule]] = {kind: [] for kind in KINDS}
    for rule in read_rules("roles.toml", faults, required=("kind",)):
        kind = rule.extra.get("kind")
        if kind not in rules:
            faults.add("roles.toml", rule.id, f"kind is {kind!r}, should be one of {', '.join(KINDS)}")
            continue
        if kind == "standing" and "names" not in rule.pattern.groupindex:
            faults.add("roles.toml", rule.id, "a standing rule needs a group `names`")
        rules[kind].append(rule)
    return {kind: tuple(found) for kind, found in rules.items()}


def load(faults: Faults) -> Roles:
    """Read `roles.csv`, `roles.toml` and `names.toml`."""
    words: dict[str, list[str]] = {use: [] for use in USES}
    roles: dict[str, dict[str, Role]] = {use: {} for use in USES}
    for row in read_table("roles.csv", ("word", "use", "role"), faults):
        use, role = row["use"], row["role"]
        if use not in USES:
            faults.add("roles.csv", row.line, f"use is {use!r}, should be one of {', '.join(USES)}")
            continue
        if (use in ("stem", "label", "joint")) != (role in ("lead", "responsible", "participant")):
            faults.add("roles.csv", row.line, f"the use {use!r} and the role {role!r} do not go together")
        if row["word"] in words[use]:
            faults.add("roles.csv", row.line, f"{row['word']!r} stands twice as {use}")
        words[use].append(row["word"])
        roles[use][row["word"]] = cast(Role, role)
    stem, action, noun = (_alternatives(words[use]) for use in ("stem", "action", "noun"))
    rules = _read_rules_by_kind(faults)
    parts = {rule.id: rule.pattern for rule in (*rules["part"], *read_rules("names.toml", faults))}
    for file, names in (("roles.toml", PARTS), ("names.toml", NAME_PARTS)):
        for name in names:
            if name not in parts:
                faults.add(file, name, "no rule has this id")
                parts[name] = pattern("(?!)")
    return Roles(
        stems=roles["stem"],
        label_stems=roles["stem"] | roles["label"],
        label_ends=(*words["noun"], *roles["stem"], *roles["label"]),
        nouns=tuple(words["noun"]),
        persons=tuple(words["person"]),
        verb=pattern(
            f"(?P<adverb>(?:{_alternatives(words['adverb'])})*)(?P<role>(?:{stem})(?:{stem}|{action})*)(?:工作)?$"
        ),
        verb_ends=(*words["stem"], *words["action"], "工作"),
        # 供销合作社联合社, 联合会 are names.
        joint=pattern(rf"(?:{_alternatives(words['joint'])})(?!(?<=联合)[社会体国])"),
        opening=pattern(
            rf"(?P<label>(?:主要|第一|共同|市级|省级)?(?:{_alternatives(list(roles['stem'] | roles['label']))})+"
            rf"(?:{noun}))(?P<link>为|是|\s+)?"
        ),
        linked=pattern(rf"[{''.join(sorted({word[-1] for word in words['noun']}))}](?:为|是|\s)"),
        prose=parts["prose"],
        mention=pattern(rf"{_alternatives([*words['stem'], *words['label']])}|(?:{noun})\s*[：:﹕∶]"),
        passages=sieve([*rules["standing"], *rules["first"]]),
        deadline=pattern("|".join(f"(?:{rule.pattern.pattern}\n)" for rule in rules["deadline"]), regex.VERBOSE),
        parts=parts,
    )
