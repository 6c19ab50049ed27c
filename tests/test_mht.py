"""Web archives: which part is the page, how its bytes become text, and what is told of the rest."""

from __future__ import annotations

import base64
import quopri

import pytest

from pipeline.read import ReadError, open_source
from pipeline.read.mht import MOST_PARTS, read_mht

PAGE = (
    "<html><head><meta charset=gb2312></head><body><h1>云州市推进科技创新三年行动计划</h1><p>一、总体要求</p>"
    "<p>到2025年，全市研发投入强度达到2.8%，朱镕同志负责。</p>"
    "<table border=1><tr><td>序号</td><td>任务</td></tr><tr><td>1</td><td>建设实验室5家</td></tr></table>"
    "</body></html>"
)


def part(text: str, charset: str = "gb2312", codec: str = "gb18030", encoding: str = "quoted-printable") -> str:
    """Give one HTML part."""
    data = text.encode(codec)
    if encoding == "base64":
        body = base64.encodebytes(data).decode("ascii")
    else:
        body = quopri.encodestring(data).decode("ascii")
    return (
        f'Content-Type: text/html; charset="{charset}"\nContent-Transfer-Encoding: {encoding}\n'
        f"Content-Location: file:///C:/plan.htm\n\n{body}\n"
    )


def archive(*parts: str, head: str = 'type="text/html"', closed: bool = True) -> bytes:
    """Give a web archive of parts, with the line ends of MIME."""
    body = "".join(f"--=_b\n{each}" for each in parts)
    whole = f'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="=_b"; {head}\n\n{body}'
    return (whole + "--=_b--\n" * closed).replace("\n", "\r\n").encode("ascii")


IMAGE = "Content-Type: image/png\nContent-Transfer-Encoding: base64\nContent-Location: a.png\n\niVBORw0KGgo=\n"


@pytest.mark.parametrize("encoding", ["quoted-printable", "base64"])
def test_the_page_is_read_with_its_tables(encoding: str) -> None:
    content = read_mht(archive(part(PAGE, encoding=encoding), IMAGE), "计划.mht")
    assert content.text.splitlines()[:3] == [
        "云州市推进科技创新三年行动计划",
        "一、总体要求",
        "到2025年，全市研发投入强度达到2.8%，朱镕同志负责。",
    ]
    assert [block.kind for block in content.blocks] == ["paragraph", "paragraph", "paragraph", "table"]
    assert content.problems == ()


def test_an_archive_called_doc_is_known_by_its_content() -> None:
    source = open_source(archive(part(PAGE)), "计划.doc")
    assert source.media_type == "multipart/related"
    assert "研发投入强度达到2.8%" in source.text


def test_an_archive_written_by_a_browser_begins_with_other_headers() -> None:
    written = b"From: <Saved by Blink>\r\nSubject: =?utf-8?Q?=E8=AE=A1=E5=88=92?=\r\n" + archive(
        part(PAGE, "utf-8", "utf-8")
    )
    assert "三年行动计划" in open_source(written, "a.mhtml").text


def test_a_charset_that_does_not_fit_gives_way_to_the_bytes() -> None:
    content = read_mht(archive(part(PAGE.replace("gb2312", "utf-8"), charset="ascii", codec="utf-8")), "a.mht")
    assert content.text.startswith("云州市")


def test_the_named_start_is_the_page_and_other_frames_are_told() -> None:
    frame = part("<p>网站导航</p>")
    main = "Content-ID: <main>\n" + part(PAGE)
    content = read_mht(archive(frame, main, head='start="<main>"'), "a.mht")
    assert content.text.startswith("云州市")
    assert [problem.code for problem in content.problems] == ["frames_left_out"]


def test_an_empty_first_frame_is_not_the_page() -> None:
    content = read_mht(archive(part("<script>1</script>"), part(PAGE)), "a.mht")
    assert content.text.startswith("云州市")
    assert content.problems == ()


def test_an_archive_cut_short_says_so() -> None:
    content = read_mht(archive(part(PAGE), closed=False), "a.mht")
    assert [problem.code for problem in content.problems] == ["file_cut_short"]
    assert content.problems[0].message == (
        "The web archive ends before its end mark, so text may be missing. Fetch it again, or save the page anew."
    )


def test_an_archive_without_a_page_is_refused() -> None:
    with pytest.raises(ReadError, match="web archive without a page") as caught:
        read_mht(archive(IMAGE), "a.mht")
    assert caught.value.code == "damaged_file"


def test_parts_without_number_and_parts_in_parts_are_refused() -> None:
    with pytest.raises(ReadError) as caught:
        read_mht(archive(*[IMAGE] * (MOST_PARTS + 1)), "a.mht")
    assert caught.value.code == "too_large"
    nested = part(PAGE)
    for level in range(40):
        nested = f'Content-Type: multipart/related; boundary="n{level}"\n\n--n{level}\n{nested}\n--n{level}--\n'
    with pytest.raises(ReadError) as caught:
        read_mht(archive(nested), "a.mht")
    assert caught.value.code == "too_large"
