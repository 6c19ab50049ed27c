"""What the commands of `zhengce` do: call the stages, print, tell errors in words. Each loads only what it needs."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable
from pathlib import Path

OK, SOME_FAILED, UNUSABLE, LEXICON_FAULT = 0, 1, 2, 3
FAULTS_SHOWN = 200


def carry_out(options: argparse.Namespace) -> int:
    """Run the command that was asked for and give its exit code."""
    commands = (run, show, organisations, diff, track, duplicates, consistency, check)
    command = next(command for command in commands if command.__name__ == options.command)
    try:
        return command(options)
    except FileNotFoundError as error:
        return _fail(f"{error.filename} is not there." if error.filename else error, UNUSABLE)
    except (NotADirectoryError, FileExistsError, PermissionError) as error:
        return _fail(f"{error.filename}: {error.strerror}. Choose another place to write to.", UNUSABLE)
    except Exception as error:
        told = _known_fault(error)
        if told is None:
            raise
        return _fail(*told)


def _known_fault(error: Exception) -> tuple[object, int] | None:
    """Give what to say of an error that is the user's to mend, with the exit code; None for any other."""
    from pipeline.lexicon import LexiconError
    from pipeline.remote.address import AddressError, ClusterError, MissingExtraError, UnreachableError
    from pipeline.stored import NoDatasetError
    from pipeline.update import NothingToReadError
    from pipeline.write import FolderError

    if isinstance(
        error, (NothingToReadError, FolderError, NoDatasetError, AddressError, ClusterError, MissingExtraError)
    ):
        return error, UNUSABLE
    if isinstance(error, UnreachableError):
        return f"A server gave no answer, asked again and again: {error}. Run again later.", UNUSABLE
    return (error, LEXICON_FAULT) if isinstance(error, LexiconError) else None


def run(options: argparse.Namespace) -> int:
    """Read files and write the tables."""
    from pipeline.batch.supervise import Limits
    from pipeline.remote.address import place_or_path
    from pipeline.running import follow
    from pipeline.running import run as run_once
    from pipeline.update import Settings

    settings = Settings(
        limits=Limits(seconds=options.time_limit, megabytes=options.memory_limit),
        jobs=options.jobs,
        cache=options.cache,
        keep=not options.no_cache,
        fresh=options.fresh,
        retry=options.retry,
        scheduler=options.scheduler,
        shards=None if options.shards is None else _address(place_or_path(options.shards)),
    )
    roots, output = [place_or_path(root) for root in options.raw], place_or_path(options.output)
    if options.watch is not None:
        follow(roots, output, settings, options.log_format, options.watch)
    return SOME_FAILED if run_once(roots, output, settings, options.log_format) else OK


def _address(place: str | Path) -> str:
    return place.resolve().as_uri() if isinstance(place, Path) else place


def show(options: argparse.Namespace) -> int:
    """Show one document."""
    from pipeline.batch.faults import program_fault
    from pipeline.lexicon import LexiconError
    from pipeline.read import ReadError
    from pipeline.run import parse
    from pipeline.show import show as show_lines
    from pipeline.show_explain import explain, find_targets

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
    lines = explain(record, wanted) if options.explain or wanted else show_lines(record)
    _print(lines)
    return OK


def organisations(options: argparse.Namespace) -> int:
    """Show which organisation has how many tasks and targets."""
    from pipeline.lexicon import load_lexicon
    from pipeline.terminal import plain_controls
    from pipeline.workload import read_work, unresolved_lines, work_lines

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


def diff(options: argparse.Namespace) -> int:
    """Show what changed from one plan to another."""
    from pipeline.comparing import SideError, write_comparison
    from pipeline.comparing import diff as compare
    from pipeline.read import ReadError
    from pipeline.view.diff_lines import diff_lines
    from pipeline.view.diff_page import diff_page

    try:
        found = compare(options.a, options.b, dataset=options.dataset)
    except SideError as error:
        return _fail(error, UNUSABLE)
    except ReadError as error:
        return _fail(error.message, SOME_FAILED)
    _print(diff_lines(found, unchanged=options.all))
    if options.output is not None:
        written = write_comparison(found, options.output, diff_page)
        print(f"written: {', '.join(str(path) for path in written)}")
    return OK


def track(options: argparse.Namespace) -> int:
    """Show the history of an indicator."""
    from pipeline.terminal import plain_controls
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


def duplicates(options: argparse.Namespace) -> int:
    """Find copies among documents."""
    from pipeline.duplicates import duplicate_lines, duplicate_table, find_duplicates
    from pipeline.terminal import plain_controls

    rows = find_duplicates(options.folder)
    for line in duplicate_lines(rows, options.limit):
        print(plain_controls(line))
    if options.output is not None:
        _write(options.output, duplicate_table(rows))
    return OK


def consistency(options: argparse.Namespace) -> int:
    """Set totals against their parts."""
    from pipeline.consistency import check_consistency, consistency_lines, consistency_table
    from pipeline.lexicon import load_lexicon
    from pipeline.terminal import plain_controls

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


def check(options: argparse.Namespace) -> int:
    """Verify an output folder."""
    from pipeline.check import check_dataset
    from pipeline.terminal import plain_controls

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
