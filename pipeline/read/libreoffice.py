"""Convert old office files with LibreOffice, where it is installed.

LibreOffice runs without window in a profile of its own, in a temporary folder that is gone afterwards. It is given
nothing but the file, and is stopped with all its children when it takes too long.
"""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from functools import lru_cache
from pathlib import Path

from pipeline.quick.classes import NamedTuple
from pipeline.read.errors import ReadError
from pipeline.read.office_program import VARIABLE, find_program
from pipeline.read.pulse import pulse

# The first start writes a profile, which takes seconds; the longest plans convert in about ten.
MOST_SECONDS = 180
VERSION_SECONDS = 30
PULSE_SECONDS = 5
# An old file of 64 MB is mostly pictures; a longer one would hold the machine for minutes.
MOST_BYTES = 128 << 20
VERSION = re.compile(r"\d+(?:\.\d+)+")
# A file may hold macros, and links to pictures on other machines; neither is any business of a conversion.
SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop>
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop>
</item>
</oor:items>
"""
# What a conversion needs of the environment; proxies, sessions and displays are none of it.
PASSED_ON = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "SYSTEMDRIVE", "PROGRAMFILES", "PROGRAMDATA", "WINDIR")


class Converted(NamedTuple):
    """A converted file, and the version of LibreOffice that made it."""

    data: bytes
    version: str


def convert(data: bytes, suffix: str, target: str, path: str) -> Converted:
    """Give a file in another format: `suffix` is what it is (doc, rtf, xls), `target` what is wanted (docx, xlsx).

    Raises ReadError: `converter_missing` without LibreOffice, `conversion_failed` where it gives no file or takes
    longer than three minutes, `too_large`.
    """
    program = find_program()
    if program is None:
        raise ReadError(
            "converter_missing",
            f"{path} is in an old office format, which needs LibreOffice to be read. Install LibreOffice (Writer is "
            f"enough) or name its soffice program in {VARIABLE}; or save the file as {target.upper()} yourself.",
        )
    if len(data) > MOST_BYTES:
        raise ReadError(
            "too_large", f"{path} has more than {MOST_BYTES >> 20} MB. Save it as {target.upper()} yourself."
        )
    with tempfile.TemporaryDirectory(prefix="zhengce-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        source = folder / f"source.{suffix}"
        source.write_bytes(data)
        out = folder / "out"
        command = [*_quiet(program, folder), "--convert-to", target, "--outdir", str(out), str(source)]
        finished = _run(command, folder, MOST_SECONDS)
        made = out / f"source.{target}"
        # The exit code says nothing: it is 0 for a file that was not understood, too.
        if not made.is_file() or made.stat().st_size == 0:
            why = "LibreOffice gave no file" if finished else f"LibreOffice took more than {MOST_SECONDS} seconds"
            raise ReadError(
                "conversion_failed",
                f"{path} could not be converted: {why}. Open it in Word or WPS Office and save it as {target.upper()}.",
            )
        return Converted(made.read_bytes(), version_of(program))


@lru_cache(maxsize=4)
def version_of(program: Path) -> str:
    """Give the version of LibreOffice (7.4.7.2), "unknown" where it does not say."""
    with tempfile.TemporaryDirectory(prefix="zhengce-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        _run([*_quiet(program, folder), "--version"], folder, VERSION_SECONDS)
        output = folder / "output.txt"
        found = VERSION.search(output.read_text(encoding="utf-8", errors="replace") if output.is_file() else "")
    return found[0] if found else "unknown"


def _quiet(program: Path, folder: Path) -> list[str]:
    """Give the program with a profile of its own: two runs with one profile disturb each other."""
    settings = folder / "profile" / "user" / "registrymodifications.xcu"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text(SETTINGS, encoding="utf-8")
    return [
        str(program),
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        "--headless", "--nologo", "--nodefault", "--norestore", "--nolockcheck", "--nofirststartwizard",
    ]  # fmt: skip


def _run(command: list[str], folder: Path, seconds: float) -> bool:
    """Run a program with what it says in `output.txt`; False where it was stopped for taking too long."""
    environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    environment |= {"HOME": str(folder), "USERPROFILE": str(folder), "TMPDIR": str(folder), "TEMP": str(folder)}
    with (folder / "output.txt").open("wb") as output:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=folder,
            env=environment,
            start_new_session=True,
        )
        try:
            return _waited(process, seconds)
        finally:
            _stop(process)


def _waited(process: subprocess.Popen[bytes], seconds: float) -> bool:
    """Wait for a program to end, and tell now and then that it is waited for; False where it takes too long."""
    ends = time.monotonic() + seconds
    while (left := ends - time.monotonic()) > 0:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(min(left, PULSE_SECONDS))
            return True
        pulse()
    return False


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End a program with its children: soffice is a script that starts the program proper, which would go on."""
    if sys.platform == "win32":
        if process.poll() is None:
            subprocess.run(
                ["taskkill", "/F", "/T", "/PID", str(process.pid)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
    else:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()
