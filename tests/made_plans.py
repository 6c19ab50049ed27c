"""Invented plans in any number: texts for what compares many documents. The same seed gives the same text."""

from __future__ import annotations

from random import Random

from pipeline.compare.copies.worth import Facts

# Signs of which the words of a plan are made up, so that two plans have none in common but those of the frame.
SIGNS = (
    "水山田林路桥港湾船车站城镇村街园区楼校院馆厂库店网电光气热冷云数图文书画歌舞茶果蔬粮棉麻竹木花草鱼虾禽畜"
    "金银铜铁钢石沙土砖瓦纸布丝绸衣帽鞋袜药医护老幼童青妇残农工商贸企业科技研创新智造链群组团队社会公共服务管理"
    "安全环保节能低碳绿色循环资源生态湿地森草原海洋河湖库塘渠坝堤闸泵管线缆塔基站点亭廊台阁轩坊"
)
DEEDS = ("推进", "实施", "完善", "建设", "培育", "支持", "优化", "提升", "健全", "拓展", "深化", "引导")
UNITS = ("家", "个", "项", "处", "公里", "亩")
# What every document says, whoever issues it.
NOTICE = "各县（市、区）人民政府，市各有关部门、单位：现将行动计划印发给你们，请结合实际，认真组织实施。"
CLOSING = "抄送：市委各部门，市人大常委会办公室，市政协办公室，市法院，市检察院。市政府办公室印发"
STRAY = "匚丬亍伫刂卩氵忄丿彐攵疒"


def plan_text(seed: int, *, sentences: int = 40, city: str = "云州市", year: int = 2025) -> str:
    """Give a plan of about 30 signs a sentence: `seed` decides its words and figures, not its city and year."""
    choose = Random(seed)
    lines = [f"{city}行动计划。到{year}年，{city}各项指标走在前列。"]
    for number in range(1, sentences + 1):
        words = ["".join(choose.choices(SIGNS, k=length)) for length in (4, 6, 8)]
        figure = f"新增{words[0]}{choose.randrange(3, 900)}{choose.choice(UNITS)}"
        lines.append(f"{choose.choice(DEEDS)}{words[1]}，到{year}年{figure}，{city}{words[2]}。")
        if number % 7 == 0:
            lines.append("\n")
    return "".join(lines)


def damaged(text: str, share: float, seed: int = 1) -> str:
    """Give a text with about this share of its signs misread, lost or doubled."""
    choose = Random(seed)
    signs = []
    for sign in text:
        fate = choose.random() if choose.random() < share and not sign.isspace() else 1.0
        wrong = choose.choice("0123456789") if sign.isdigit() else choose.choice(STRAY)
        signs.append(wrong if fate < 0.7 else "" if fate < 0.85 else sign + wrong if fate < 1 else sign)
    return "".join(signs)


def facts_of(name: str, text: str, **more: object) -> Facts:
    """Give what the tables would tell of a clean text file of this name."""
    values: dict[str, object] = {
        "document_id": name, "source": f"{name}.txt", "media_type": "text/plain", "characters": len(text),
        "titles": ("云州市行动计划",), "issuers": (), "place_path": "", "front": ("title",),
        "damaged": 0, "numbers": 40, "unexplained": 0, "recognised": False, "parts": ((0, len(text)),),
    }  # fmt: skip
    return Facts(**(values | more))  # type: ignore[arg-type]
