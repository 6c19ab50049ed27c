"""Servers for the tests, each in a process of its own: an object store, a web server with pages of links, a cluster."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

START_SECONDS = 60


def free_port() -> int:
    """Give a port that nobody listens to now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def served(command: list[str], port: int, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server until the block ends; gives its process when it answers."""
    with log.open("wb") as words, subprocess.Popen(command, stdout=words, stderr=words) as process:
        try:
            _wait(process, port, log)
            yield process
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
    with served([sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)], port, log):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def web_server(folder: Path, log: Path) -> Iterator[str]:
    """Serve a folder with pages of links."""
    port = free_port()
    command = [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1", "--directory", str(folder)]
    with served(command, port, log):
        yield f"http://127.0.0.1:{port}"


@dataclass
class Machines:
    """A scheduler of dask, and workers that are processes as on machines of their own."""

    scheduler: str
    process: subprocess.Popen[bytes]
    folder: Path
    environment: dict[str, str]
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start_worker(self) -> subprocess.Popen[bytes]:
        """Start one more worker, which joins when it is ready."""
        command = [
            sys.executable, "-m", "dask", "worker", self.scheduler, "--nthreads", "1", "--no-nanny", "--no-dashboard",
            "--local-directory", str(self.folder), "--death-timeout", "60",
        ]  # fmt: skip
        with (self.folder / f"worker-{len(self.workers)}").open("wb") as words:
            worker = subprocess.Popen(
                command, stdout=words, stderr=words, env=self.environment, start_new_session=os.name == "posix"
            )
        self.workers.append(worker)
        return worker

    def stop(self) -> None:
        """End all workers."""
        for worker in self.workers:
            worker.kill()
            worker.wait()


@contextmanager
def machines(folder: Path, workers: int, environment: dict[str, str]) -> Iterator[Machines]:
    """Run a scheduler with some workers."""
    port = free_port()
    command = [sys.executable, "-m", "dask", "scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard"]
    with ExitStack() as stack:
        process = stack.enter_context(served(command, port, folder / "scheduler"))
        found = Machines(f"tcp://127.0.0.1:{port}", process, folder, {**os.environ, **environment})
        stack.callback(found.stop)
        for _ in range(workers):
            found.start_worker()
        yield found


def killed(process: subprocess.Popen[bytes]) -> None:
    """End a process as a power cut would: it cannot say a word."""
    process.send_signal(signal.SIGKILL if os.name == "posix" else signal.SIGTERM)
    process.wait()
