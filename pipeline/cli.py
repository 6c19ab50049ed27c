"""The command `zhengce`: its arguments and exit codes. What a command does is loaded when it is asked for."""

from __future__ import annotations

import argparse
import atexit
import gc
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import __version__
from pipeline.batch.limits import LOOK_SECONDS, MEGABYTES, SECONDS

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
OK, INTERRUPTED = 0, 130
ROWS_SHOWN = 40
# Garbage is looked for when so many more things were made than given back; Python looks at 700.
GARBAGE = 50_000


def command() -> None:
    """Run as a process of its own, which ends with the exit code.

    At the end nothing is taken apart: the system takes it back as a whole, which is quicker.
    """
    ended = [1]

    def leave() -> None:
        with suppress(OSError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(ended[0])

    # What is registered first is called last, so all others still get their turn.
    atexit.register(leave)
    try:
        ended[0] = main()
    except SystemExit as asked:
        ended[0] = asked.code if isinstance(asked.code, int) else 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code."""
    _use_utf8()
    words = sys.argv[1:] if arguments is None else arguments
    options = _parser(words[0] if words else "").parse_args(words)
    try:
        code = _carry_out(options)
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        # The reader (`| head`) has seen enough. Without this Python complains when it closes the stream.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except KeyboardInterrupt:
        print("\nzhengce: interrupted; a former output is as it was.", file=sys.stderr)
        return INTERRUPTED


def _use_utf8() -> None:
    """Have both streams take every character, also on consoles that would write in a national encoding."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")


def _carry_out(options: argparse.Namespace) -> int:
    """Load the command and run it."""
    # Documents leave little garbage that needs looking for, and looking means to go through all rules and modules.
    gc.set_threshold(GARBAGE, 20, 20)
    from pipeline.commands import carry_out

    return carry_out(options)


def _parser(asked: str = "") -> argparse.ArgumentParser:
    """Give the parser for a command; of anything else it tells which commands there are."""
    parser = argparse.ArgumentParser(
        prog="zhengce",
        description="Turn Chinese government plan documents into tables of plans, tasks, targets and organisations.",
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"zhengce {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    adding = {
        "run": _add_run, "show": _add_show, "organisations": _add_organisations, "diff": _add_diff,
        "track": _add_track, "duplicates": _add_duplicates, "consistency": _add_consistency, "check": _add_check,
    }  # fmt: skip
    # To describe all commands takes as long as to run some.
    for add in (adding[asked],) if asked in adding else adding.values():
        add(commands)
    return parser


def _add_run(commands: Commands) -> None:
    run = commands.add_parser("run", help="read files and write the tables")
    run.add_argument("raw", nargs="+", metavar="RAW", help="a folder with files to read, a file, or an address")
    run.add_argument("-o", "--output", required=True, metavar="DIR", help="where the tables go, or an address")
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
    run.add_argument("--shards", metavar="DIR", help="where its workers keep what is done")
    run.set_defaults(command="run")


def _add_show(commands: Commands) -> None:
    one = commands.add_parser("show", help="show one document on the terminal")
    one.add_argument("file", type=Path, metavar="FILE")
    one.add_argument("--explain", action="store_true", help="tell for each target which words and rules made it")
    one.add_argument(
        "--target", action="append", default=[], metavar="ID", help="explain this target only: its id, or the end of it"
    )
    one.set_defaults(command="show")


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
    bodies.set_defaults(command="organisations")


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
    changes.set_defaults(command="diff")


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
    history.set_defaults(command="track")


def _add_duplicates(commands: Commands) -> None:
    copies = commands.add_parser("duplicates", help="find copies among the documents, and the better source of each")
    _add_table(copies, "duplicates")


def _add_consistency(commands: Commands) -> None:
    sums = commands.add_parser("consistency", help="set totals against the parts that make them up")
    _add_table(sums, "consistency")


def _add_table(parser: argparse.ArgumentParser, command: str) -> None:
    parser.add_argument("folder", type=Path, metavar="DIR", help="an output folder of `zhengce run`")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="write the table as CSV")
    parser.add_argument("--limit", type=int, default=ROWS_SHOWN, metavar="N", help=f"rows to show ({ROWS_SHOWN})")
    parser.set_defaults(command=command)


def _add_check(commands: Commands) -> None:
    check = commands.add_parser("check", help="verify that an output folder is whole and keeps its contract")
    check.add_argument("folder", type=Path, metavar="DIR")
    check.add_argument("--raw", nargs="+", type=Path, default=[], metavar="RAW", help="look up quotes in these files")
    check.set_defaults(command="check")


def _positive(words: str) -> int:
    number = int(words)
    if number < 1:
        raise ValueError
    return number
