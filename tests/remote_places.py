"""Servers for the tests, each in a process of its own: an object store, a web server with pages of links."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

START_SECONDS = 60


def free_port() -> int:
    """Give a port that nobody listens to now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def served(command: list[str], port: int, log: Path) -> Iterator[str]:
    """Run a server until the block ends; gives its address when it answers."""
    with log.open("wb") as words, subprocess.Popen(command, stdout=words, stderr=words) as process:
        try:
            _wait(process, port, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.kill()


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        with socket.socket() as asking:
            if asking.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError(f"no answer on port {port}: {log.read_text(encoding='utf-8', errors='replace')[-2000:]}")


@contextmanager
def object_store(log: Path) -> Iterator[str]:
    """Run an object store that speaks S3."""
    port = free_port()
    with served([sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)], port, log) as address:
        yield address


@contextmanager
def web_server(folder: Path, log: Path) -> Iterator[str]:
    """Serve a folder with pages of links."""
    port = free_port()
    command = [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1", "--directory", str(folder)]
    with served(command, port, log) as address:
        yield address
