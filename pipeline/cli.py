"""The command `zhengce`: arguments, exit codes, messages."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import __version__
from pipeline.batch.faults import program_fault
from pipeline.batch.supervise import MEGABYTES, SECONDS, Limits
from pipeline.check import check_dataset
from pipeline.lexicon import LexiconError, load_lexicon
from pipeline.read import ReadError
from pipeline.remote.address import (
    AddressError,
    ClusterError,
    MissingExtraError,
    UnreachableError,
    place_or_path,
)
from pipeline.run import parse
from pipeline.running import LOOK_SECONDS, follow, run
from pipeline.show import show
from pipeline.show_explain import explain, find_targets
from pipeline.stored import NoDatasetError
from pipeline.terminal import plain_controls, use_utf8
from pipeline.update import NothingToReadError, Settings
from pipeline.workload import read_work, unresolved_lines, work_lines
from pipeline.write import FolderError

# What the parsers of the single commands are added to.
if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]
EXIT_CODES = """\
exit codes:
  0    all is well
  1    run: the output is written, but some files gave no rows (problems.csv says which and why)
       show, diff: a file cannot be read;  check: faults were found
  2    wrong usage, nothing to read, an output folder that must not be replaced, or a server or cluster that cannot
       be used; a former output is as it was
  3    the lexicon has faults; the message lists them with their lines
  130  interrupted; a former output is as it was
"""
OK, SOME_FAILED, UNUSABLE, LEXICON_FAULT, INTERRUPTED = 0, 1, 2, 3, 130
FAULTS_SHOWN = 200
ROWS_SHOWN = 40


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code."""
    use_utf8()
    options = _parser().parse_args(arguments)
    try:
        code: int = options.command(options)
        sys.stdout.flush()
        return code
    except FileNotFoundError as error:
        return _fail(f"{error.filename} is not there." if error.filename else error, UNUSABLE)
    except (NothingToReadError, FolderError, NoDatasetError, AddressError, MissingExtraError, ClusterError) as error:
        return _fail(error, UNUSABLE)
    except UnreachableError as error:
        return _fail(f"A server gave no answer, asked again and again: {error}. Run again later.", UNUSABLE)
    except (NotADirectoryError, FileExistsError, PermissionError) as error:
        return _fail(f"{error.filename}: {error.strerror}. Choose another place to write to.", UNUSABLE)
    except LexiconError as error:
        return _fail(error, LEXICON_FAULT)
    except BrokenPipeError:
        # The reader (`| head`) has seen enough. Without this Python complains when it closes the stream.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except KeyboardInterrupt:
        print("\nzhengce: interrupted; a former output is as it was.", file=sys.stderr)
        return INTERRUPTED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="zhengce",
        description="Turn Chinese government plan documents into tables of plans, tasks, targets and organisations.",
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"zhengce {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for add in (_add_run, _add_show, _add_organisations, _add_diff, _add_track, _add_sums, _add_check):
        add(commands)
    return parser


def _add_run(commands: Commands) -> None:
    run = commands.add_parser("run", help="read files and write the tables")
    run.add_argument(
        "raw", nargs="+", type=place_or_path, metavar="RAW", help="a folder with files to read, a file, or an address"
    )
    run.add_argument(
        "-o", "--output", type=place_or_path, required=True, metavar="DIR", help="where the tables go, or an address"
    )
    run.add_argument(
        "--time-limit",
        type=_positive,
        default=SECONDS,
        metavar="SECONDS",
        help=f"how long a document may go without progress ({SECONDS}); it is a problem then, and the run goes on",
    )
    run.add_argument(
        "--memory-limit",
        type=_positive,
        default=MEGABYTES,
        metavar="MB",
        help=f"how much memory reading a document may take, on Linux ({MEGABYTES})",
    )
    run.add_argument("-j", "--jobs", type=_positive, metavar="N", help="how many documents at once (all processors)")
    run.add_argument("--cache", type=Path, metavar="DIR", help="where to keep what is done (.NAME.cache beside DIR)")
    run.add_argument("--no-cache", action="store_true", help="keep nothing for the next run")
    run.add_argument("--fresh", action="store_true", help="take nothing from former runs")
    run.add_argument("--retry", action="store_true", help="try files again that could not be read")
    run.add_argument(
        "--watch",
        type=_positive,
        nargs="?",
        const=int(LOOK_SECONDS),
        metavar="S",
        help=f"go on, and run again when files change; look every S seconds ({LOOK_SECONDS:g})",
    )
    run.add_argument(
        "--log-format", choices=("text", "json"), default="text", help="json: a line per file on the error stream"
    )
    run.add_argument("--scheduler", metavar="ADDRESS", help="have the files read by a cluster: tcp://host:8786")
    run.add_argument("--shards", type=place_or_path, metavar="DIR", help="where its workers keep what is done")
    run.set_defaults(command=_run)


def _add_show(commands: Commands) -> None:
    one = commands.add_parser("show", help="show one document on the terminal")
    one.add_argument("file", type=Path, metavar="FILE")
    one.add_argument("--explain", action="store_true", help="tell for each target which words and rules made it")
    one.add_argument(
        "--target", action="append", default=[], metavar="ID", help="explain this target only: its id, or the end of it"
    )
    one.set_defaults(command=_show)


def _add_organisations(commands: Commands) -> None:
    bodies = commands.add_parser("organisations", help="show which organisation has how many tasks and targets")
    bodies.add_argument("folder", type=Path, metavar="DIR", help="an output folder of `zhengce run`")
    bodies.add_argument("--by", choices=("organisation", "function"), default="organisation", help="what a line is")
    bodies.add_argument(
        "--function", action="append", default=[], metavar="WORD", help="only these, e.g. 科技; may be given again"
    )
    bodies.add_argument("--place", default="", metavar="WORD", help="only of this place: a part of its code or name")
    bodies.add_argument(
        "--expand", action="store_true", help="put members for a collective name where a document lists them"
    )
    bodies.add_argument("--unresolved", action="store_true", help="list the names that the lexicon does not know")
    bodies.add_argument("--limit", type=int, default=ROWS_SHOWN, metavar="N", help=f"lines to show ({ROWS_SHOWN})")
    bodies.set_defaults(command=_organisations)


def _add_diff(commands: Commands) -> None:
    changes = commands.add_parser("diff", help="show what changed from one plan to another")
    changes.add_argument(
        "a", metavar="A", help="the earlier plan: a file, a folder, an output folder; FILE#2 for its second plan"
    )
    changes.add_argument("b", metavar="B", help="the later plan, or the plan of another place")
    changes.add_argument(
        "--in", dest="dataset", type=Path, metavar="DIR", help="A and B are ids or sources of this output folder"
    )
    changes.add_argument("-o", "--output", type=Path, metavar="DIR", help="write changes.csv, .json and .html there")
    changes.add_argument("--all", action="store_true", help="show the pairs that did not change, too")
    changes.set_defaults(command=_diff)


def _add_track(commands: Commands) -> None:
    history = commands.add_parser("track", help="show the history of an indicator over all plans and places")
    history.add_argument("folder", type=Path, metavar="DIR", help="an output folder of `zhengce run`")
    history.add_argument("queries", nargs="+", metavar="INDICATOR", help="its words, or its indicator_id")
    history.add_argument(
        "--place", action="append", default=[], metavar="WORD", help="only places of this name or code"
    )
    history.add_argument("--scope", action="append", default=[], metavar="WORD", help="only targets for this area")
    history.add_argument("--kind", action="append", default=[], metavar="KIND", help="only level, increase, change …")
    history.add_argument(
        "--from", dest="first", type=int, metavar="YEAR", help="only targets due in this year or later"
    )
    history.add_argument("--to", dest="last", type=int, metavar="YEAR", help="only targets due up to this year")
    history.add_argument("--exact", action="store_true", help="only names that are this one, not those of its family")
    history.add_argument("--no-related", action="store_true", help="without the names that are near but not the same")
    history.add_argument("--limit", type=int, metavar="N", help="lines of a series to show")
    history.add_argument(
        "-o", "--output", type=Path, metavar="FILE", help="write the points as .csv or .json, or the chart as .html"
    )
    history.set_defaults(command=_track)


def _add_sums(commands: Commands) -> None:
    copies = commands.add_parser("duplicates", help="find copies among the documents, and the better source of each")
    sums = commands.add_parser("consistency", help="set totals against the parts that make them up")
    for parser_of, command in ((copies, _duplicates), (sums, _consistency)):
        parser_of.add_argument("folder", type=Path, metavar="DIR", help="an output folder of `zhengce run`")
        parser_of.add_argument("-o", "--output", type=Path, metavar="FILE", help="write the table as CSV")
        parser_of.add_argument(
            "--limit", type=int, default=ROWS_SHOWN, metavar="N", help=f"rows to show ({ROWS_SHOWN})"
        )
        parser_of.set_defaults(command=command)


def _add_check(commands: Commands) -> None:
    check = commands.add_parser("check", help="verify that an output folder is whole and keeps its contract")
    check.add_argument("folder", type=Path, metavar="DIR")
    check.add_argument("--raw", nargs="+", type=Path, default=[], metavar="RAW", help="look up quotes in these files")
    check.set_defaults(command=_check)


def _positive(words: str) -> int:
    number = int(words)
    if number < 1:
        raise ValueError
    return number


def _run(options: argparse.Namespace) -> int:
    settings = Settings(
        limits=Limits(seconds=options.time_limit, megabytes=options.memory_limit),
        jobs=options.jobs,
        cache=options.cache,
        keep=not options.no_cache,
        fresh=options.fresh,
        retry=options.retry,
        scheduler=options.scheduler,
        shards=_address(options.shards),
    )
    if options.watch is not None:
        follow(options.raw, options.output, settings, options.log_format, options.watch)
    return SOME_FAILED if run(options.raw, options.output, settings, options.log_format) else OK


def _address(place: str | Path | None) -> str | None:
    return place.resolve().as_uri() if isinstance(place, Path) else place


def _show(options: argparse.Namespace) -> int:
    try:
        record = parse(options.file)
    except ReadError as error:
        return _fail(f"{options.file}: {error.message}", SOME_FAILED)
    except (PermissionError, IsADirectoryError) as error:
        return _fail(f"{options.file}: {error.strerror}. `zhengce show` takes one file that you may read.", UNUSABLE)
    except (FileNotFoundError, LexiconError):
        raise
    except Exception as error:
        return _fail(f"{options.file}: {program_fault(error)}", SOME_FAILED)
    wanted: list[str] = []
    for words in options.target:
        if not (found := find_targets(record, words)):
            return _fail(f"{options.file} has no target {words}. `zhengce show --explain` lists them all.", UNUSABLE)
        wanted += found
    lines = explain(record, wanted) if options.explain or wanted else show(record)
    _print(lines)
    return OK


def _organisations(options: argparse.Namespace) -> int:
    if options.unresolved:
        lines = unresolved_lines(options.folder, load_lexicon(), options.limit)
    else:
        by_function = options.by == "function"
        found = read_work(
            options.folder,
            by_function=by_function,
            expand=options.expand,
            functions=options.function,
            place=options.place,
        )
        lines = work_lines(found, options.limit, by_function=by_function)
    for line in lines:
        print(plain_controls(line))
    return OK


def _diff(options: argparse.Namespace) -> int:
    # Only here: comparing needs packages that no other command does.
    from pipeline.comparing import SideError, diff, write_comparison
    from pipeline.view.diff_lines import diff_lines
    from pipeline.view.diff_page import diff_page

    try:
        found = diff(options.a, options.b, dataset=options.dataset)
    except SideError as error:
        return _fail(error, UNUSABLE)
    except ReadError as error:
        return _fail(error.message, SOME_FAILED)
    _print(diff_lines(found, unchanged=options.all))
    if options.output is not None:
        written = write_comparison(found, options.output, diff_page)
        print(f"written: {', '.join(str(path) for path in written)}")
    return OK


def _track(options: argparse.Namespace) -> int:
    from pipeline.track import NoQueryError, read_history, write_history
    from pipeline.view.track_lines import track_lines
    from pipeline.view.track_page import track_page

    try:
        found = read_history(
            options.folder,
            options.queries,
            places=options.place,
            scopes=options.scope,
            kinds=options.kind,
            first_year=options.first,
            last_year=options.last,
            exact=options.exact,
            related=not options.no_related,
        )
    except NoQueryError as error:
        return _fail(error, UNUSABLE)
    for line in track_lines(found, options.limit):
        print(plain_controls(line))
    if options.output is None:
        return OK
    if options.output.suffix == ".html":
        _write(options.output, track_page(found, texts=_link(options.folder / "text", options.output.parent)))
    elif options.output.suffix in (".csv", ".json"):
        write_history(found, options.output)
        print(f"written: {options.output}")
    else:
        return _fail(f"{options.output} should end in .csv, .json or .html, which tells what to write.", UNUSABLE)
    return OK


def _duplicates(options: argparse.Namespace) -> int:
    from pipeline.duplicates import duplicate_lines, duplicate_table, find_duplicates

    rows = find_duplicates(options.folder)
    for line in duplicate_lines(rows, options.limit):
        print(plain_controls(line))
    if options.output is not None:
        _write(options.output, duplicate_table(rows))
    return OK


def _consistency(options: argparse.Namespace) -> int:
    from pipeline.consistency import check_consistency, consistency_lines, consistency_table

    rows = check_consistency(options.folder, load_lexicon())
    for line in consistency_lines(rows, options.limit):
        print(plain_controls(line))
    if options.output is not None:
        _write(options.output, consistency_table(rows))
    return OK


def _link(target: Path, start: Path) -> str:
    """Give the address of a folder for a page in another one."""
    try:
        return os.path.relpath(target, start).replace(os.sep, "/")
    except ValueError:
        # On Windows there is no way from one drive to another.
        return target.resolve().as_uri()


def _write(file: Path, words: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(words, encoding="utf-8", newline="")
    print(f"written: {file}")


def _print(lines: Iterable[tuple[str, str]]) -> None:
    bold = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    for kind, line in lines:
        print(f"\x1b[1m{line}\x1b[0m" if bold and kind == "heading" else line)


def _check(options: argparse.Namespace) -> int:
    faults = check_dataset(options.folder, options.raw)
    for fault in faults[:FAULTS_SHOWN]:
        print(plain_controls(str(fault)))
    if len(faults) > FAULTS_SHOWN:
        print(f"… and {len(faults) - FAULTS_SHOWN:,} more")
    print(f"{options.folder}: {len(faults):,} faults" if faults else f"{options.folder}: the contract is kept")
    return SOME_FAILED if faults else OK


def _fail(error: object, code: int) -> int:
    print(f"zhengce: {error}", file=sys.stderr)
    return code
