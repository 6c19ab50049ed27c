"""Whether documents that hang, crash or eat memory cost anything but themselves: twelve among a thousand.

    python benchmarks/hostile.py [--documents N] [--quick] [--json FILE]

Six are files that overtax readers: nested or packed to the extreme. Others do what a broken library would: wait for
ever, spin, abort, end the process, be killed, take all memory; for that the reader is replaced in the process that
starts the workers (Linux, where workers are copies of it). Each of them must be a row of problems.csv or a document,
all others must give the very rows, texts and trees of a run without them, and the exit code must say that some failed.
"""

from __future__ import annotations

import io
import os
import signal
import sys
import time
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.documents import write_documents
from benchmarks.measure import options, python, write_figures
from benchmarks.runs import Ran, rows, run
from benchmarks.worst_texts import CASES

DOCUMENTS, QUICK_DOCUMENTS = 1000, 60
SECONDS, MEGABYTES = 8, 1024
LIMITS = ("--time-limit", str(SECONDS), "--memory-limit", str(MEGABYTES))
# The exit code for an output that is written although some files failed.
SOME_FAILED = 1


def hang() -> None:
    """Wait for ever."""
    while True:
        time.sleep(60)


def spin() -> None:
    """Work for ever inside one call, where no signal is heard."""
    sum(iter(int, 1))


def eat() -> None:
    """Take all memory there is."""
    eaten = []
    while True:
        eaten.append(bytes(64 << 20))


def killed() -> None:
    """Be ended by the system."""
    os.kill(os.getpid(), signal.SIGKILL)


# What the reader does with a text that consists of this name.
DEEDS: dict[str, Callable[[], None]] = {
    "hang": hang,
    "spin": spin,
    "eat": eat,
    "abort": os.abort,
    "leave": lambda: os._exit(0),
    "killed": killed,
}


def large_part() -> bytes:
    """Give a Word file of a kilobyte or so a part of which unpacks to 300 MB."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(
            "[Content_Types].xml",
            '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
            'wordprocessingml.document.main+xml"/></Types>',
        )
        with package.open("word/document.xml", "w", force_zip64=True) as part:
            for _ in range(300):
                part.write(b"a" * (1 << 20))
    return file.getvalue()


def page_file(content: bytes, filters: str = "/FlateDecode") -> bytes:
    """Give a PDF of one page with this (packed) content."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources 6 0 R /Contents 4 0 R >>",
        f"<< /Length {len(content)} /Filter {filters} >>\nstream\n".encode() + content + b"\nendstream",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Font << /F1 5 0 R >> >>",
    ]
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, words in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + words + b"\nendobj\n"
    table = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010} 00000 n \n".encode() for place in places)
    return bytes(out + f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n".encode())


def files() -> dict[str, bytes]:
    """Give the files that overtax readers, by name."""
    shown = b"BT /F1 12 Tf 72 720 Td " + b"(a) Tj " * 3_000_000 + b"ET"
    twice = zlib.compress(zlib.compress(bytes(1 << 30), 9), 9)
    return {
        "signs.pdf": page_file(zlib.compress(shown)),
        "packed-twice.pdf": page_file(twice, "[/FlateDecode /FlateDecode]"),
        "large-part.docx": large_part(),
        "nested.html": b"<!DOCTYPE html><html><body>" + b"<div>" * 200_000 + "甲".encode() + b"</body></html>",
        "levels.txt": CASES["headings-mixed"](24_000).encode("utf-8"),
        "brackets.txt": CASES["nested"](300_000).encode("utf-8"),
    }


def serve(arguments: list[str]) -> int:
    """Run the command with a reader that does the deeds."""
    from pipeline import cli
    from pipeline import run as stages

    names = vars(stages)
    read = names["open_source"]

    def opened(data: bytes, source: str) -> object:
        DEEDS.get(data.decode("utf-8", errors="replace"), lambda: None)()
        return read(data, source)

    names["open_source"] = opened
    return cli.main(arguments)


def put(inputs: Path) -> set[str]:
    """Write the hostile files among the others; gives their sources."""
    made = files() | {f"{name}.txt": name.encode() for name in DEEDS if sys.platform.startswith("linux")}
    for name, data in made.items():
        (inputs / "000" / f"000000-{name}").write_bytes(data)
    return {f"000/000000-{name}" for name in made}


def started(inputs: Path, out: Path) -> Ran:
    """Run with the replaced reader."""
    return run(inputs, out, start=python(__file__, "--serve", "run", inputs, "-o", out, *LIMITS))


def kept(out: Path, hostile: set[str]) -> dict[str, object]:
    """Give all that an output tells of the other documents: rows by table, texts and trees by name."""
    strangers = {row["document_id"] for row in rows(out, "documents") if row["source"] in hostile}
    told: dict[str, object] = {
        path.stem: [
            row for row in rows(out, path.stem)
            if row.get("document_id", "") not in strangers and row.get("source", "") not in hostile
        ]
        for path in sorted(out.glob("*.csv")) if path.stem not in ("organisations", "workload")
    }  # fmt: skip
    for folder in ("text", "json"):
        told |= {
            f"{folder}/{path.name}": path.read_bytes()
            for path in sorted((out / folder).iterdir()) if path.name.split(".")[0] not in strangers
        }  # fmt: skip
    return told


def main() -> int:
    """Run with and without the hostile documents, compare, print."""
    if sys.argv[1:2] == ["--serve"]:
        return serve(sys.argv[2:])
    parser = options(__doc__, f"{QUICK_DOCUMENTS} documents")
    parser.add_argument("--documents", type=int, help=f"how many others ({DOCUMENTS})")
    given = parser.parse_args()
    count = given.documents or (QUICK_DOCUMENTS if given.quick else DOCUMENTS)
    with TemporaryDirectory() as folder:
        inputs, out, alone = (Path(folder, name) for name in ("documents", "out", "alone"))
        write_documents(inputs, count)
        without = started(inputs, alone)
        hostile = put(inputs)
        ran = started(inputs, out)
        if not out.is_dir():
            print(f"nothing was written, exit code {ran.code}:\n{ran.told[-2000:]}")
            write_figures({"hostile.lost": count}, given.json)
            return 1
        problems = {row["source"]: row["code"] for row in rows(out, "problems") if row["severity"] == "error"}
        read = {row["source"] for row in rows(out, "documents")}
        expected, found = kept(alone, hostile), kept(out, hostile)
    for source in sorted(hostile):
        print(f"{source.removeprefix('000/000000-'):20}{problems.get(source, 'read' if source in read else 'LOST')}")
    lost = len({source for source in hostile if source not in problems and source not in read})
    different = [name for name in expected if found.get(name) != expected[name]]
    print(
        f"{count} others: {len(different)} tables or files differ from a run without the hostile ones"
        f"{': ' + ', '.join(different[:5]) if different else ''}; exit code {ran.code}; "
        f"{ran.seconds:.1f} s against {without.seconds:.1f} s; peak {ran.main:.0f} MB, a worker {ran.worker:.0f} MB"
    )
    figures = {
        "hostile.lost": lost, "hostile.different": len(different), "hostile.exit_code": ran.code,
        "hostile.documents": count, "hostile.hostile": len(hostile), "hostile.main_megabytes": ran.main,
        "hostile.seconds_more": ran.seconds - without.seconds,
    }  # fmt: skip
    write_figures(figures, given.json)
    return 1 if lost or different or ran.code != SOME_FAILED else 0


if __name__ == "__main__":
    sys.exit(main())
