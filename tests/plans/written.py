"""Write a plan out as the text of a document."""

from __future__ import annotations

from plans.model import ANNEX, GOALS, Charge, Plan, Task

DIGITS = "零一二三四五六七八九十"
INDENT = "　　"
OFFICE = "人民政府办公室"


def written(plan: Plan, addressees: str) -> str:
    """Give the document: notice with number and signature, then the plan."""
    lines = [*_notice(plan, addressees), plan.title, f"（{plan.start}—{plan.end}年）", ""]
    body = [plan.preamble, "一、总体要求", f"（一）指导思想。{plan.guide}", "（二）基本原则", *plan.principles]
    body += [f"（三）{GOALS}", *(goal.words for goal in plan.goals)]
    body += _chapters(plan) if plan.style.chapters else _single_chapter(plan)
    indent = INDENT if plan.style.indented else ""
    return "\n".join([*lines, *(indent + line for line in body), *_annex(plan), *_signature(plan)])


def numeral(number: int) -> str:
    """Give a number up to 99 in Chinese numerals."""
    tens, ones = divmod(number, 10)
    if tens == 0:
        return DIGITS[ones]
    return ("" if tens == 1 else DIGITS[tens]) + "十" + (DIGITS[ones] if ones else "")


def note(charges: list[Charge], labels: bool = True) -> str:
    """Give the note that names who answers for a task; `labels`: 责任单位：… or …负责."""
    by_role = {role: [c.name for c in charges if c.role == role] for role in ("lead", "responsible", "participant")}
    if not labels:
        behind = {"lead": "牵头", "responsible": "按职责分工负责", "participant": "参与"}
        parts = [f"{'、'.join(names)}{behind[role]}" for role, names in by_role.items() if names]
        return f"（{'，'.join(parts)}）" if parts else ""
    words = {"lead": "牵头单位", "responsible": "责任单位", "participant": "配合单位"}
    parts = [f"{words[role]}：{'、'.join(names)}" for role, names in by_role.items() if names]
    return f"（{'；'.join(parts)}）" if parts else ""


def _notice(plan: Plan, addressees: str) -> list[str]:
    year, month, day = plan.issued
    return [
        f"{plan.place}{OFFICE}文件",
        "",
        f"{plan.short}政办发〔{year}〕{plan.number}号",
        "",
        f"{plan.place}{OFFICE}关于印发",
        f"《{plan.title}（{plan.start}—{plan.end}年）》的通知",
        "",
        addressees,
        f"《{plan.title}（{plan.start}—{plan.end}年）》已经市政府同意，现印发给你们，请认真组织实施。",
        "",
        INDENT * 8 + f"{plan.place}{OFFICE}",
        INDENT * 9 + f"{year}年{month}月{day}日",
        "",
    ]


def _signature(plan: Plan) -> list[str]:
    year, month, day = plan.issued
    return ["", f"{plan.place}{OFFICE}　　　　　　{year}年{month}月{day}日印发"]


def _annex(plan: Plan) -> list[str]:
    if not plan.annex:
        return []
    heads = f"序号\t指标名称\t单位\t{plan.start - 1}年\t{plan.end}年\t属性"
    lines = ["", "附件", "", ANNEX, "", heads]
    for at, line in enumerate(plan.annex, 1):
        target = line.target
        present, value = f"{line.present.normalize():f}", f"{target.value.normalize():f}"
        lines.append(f"{at}\t{target.indicator}\t{target.scale}{target.unit}\t{present}\t{value}\t{line.nature}")
    return lines


def _single_chapter(plan: Plan) -> list[str]:
    lines, number = ["二、重点任务"], 0
    for place, group in enumerate(plan.groups, 1):
        lines.append(f"（{numeral(place)}）{group.title}")
        for at, task in enumerate(group.tasks, 1):
            number += 1
            mark = f"{number if plan.style.continuous else at}."
            lines += _task(plan, mark, task)
    return [*lines, "三、保障措施", *_numbered(plan, plan.safeguards)]


def _chapters(plan: Plan) -> list[str]:
    lines: list[str] = []
    number = 0
    for place, group in enumerate(plan.groups, 2):
        lines += [f"{numeral(place)}、{group.title}", *_numbered(plan, group.tasks, number)]
        number += len(group.tasks) if plan.style.continuous else 0
    last = f"{numeral(len(plan.groups) + 2)}、保障措施"
    return [*lines, last, *_numbered(plan, plan.safeguards, number)]


def _numbered(plan: Plan, tasks: list[Task], before: int = 0) -> list[str]:
    lines: list[str] = []
    for at, task in enumerate(tasks, before + 1):
        lines += _task(plan, f"（{numeral(at)}）", task)
    return lines


def _task(plan: Plan, mark: str, task: Task) -> list[str]:
    words = task.words + note(task.charges, plan.style.labels)
    return [f"{mark}{task.title}。{words}"] if plan.style.run_in else [f"{mark}{task.title}", words]
