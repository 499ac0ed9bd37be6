"""A throw-away PostgreSQL cluster from Debian's packages, on loopback, for one test session."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

MISSING = (
    "NOT RUN ON POSTGRESQL: its server is not installed here (Debian: apt-get install postgresql)")
START_SECONDS = 60


def binaries() -> Path | None:
    """Where the newest installed server's programs are."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"),
                   key=lambda one: int(one.parts[-3]))
    if found:
        return found[-1].parent
    onpath = shutil.which("initdb")
    return Path(onpath).resolve().parent if onpath else None


def _as_server_user() -> list[str]:
    """PostgreSQL refuses to run as root: then it runs as its own user."""
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if (
        os.geteuid() == 0) else []


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Server:
    """A cluster in a folder of its own; may be killed and started again."""

    programs: Path
    folder: Path
    port: int
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        """Of its superuser, without a database name."""
        return f"postgres://rakurs:@127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start and wait until it answers."""
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [*_as_server_user(), str(self.programs / "postgres"),
                 "-D", str(self.folder / "data"), "-h", "127.0.0.1", "-p", str(self.port),
                 "-k", str(self.folder), "-F"], stdout=log, stderr=log, cwd=self.folder)
        deadline = time.monotonic() + START_SECONDS
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                said = (self.folder / "log").read_text()[-2000:]
                raise RuntimeError(f"PostgreSQL did not start: {said}")
            time.sleep(0.05)

    def answers(self) -> bool:
        """Whether it takes connections."""
        done = subprocess.run(
            [str(self.programs / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)],
            check=False)
        return done.returncode == 0

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """SIGTERM waits for the sessions, SIGINT ends them, SIGQUIT is a crash."""
        if self.process is None:
            return
        self.process.send_signal(how)
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None


@contextmanager
def own_server() -> Iterator[Server]:
    """A running server of one's own."""
    programs = binaries()
    if programs is None:
        raise FileNotFoundError(MISSING)
    folder = Path(tempfile.mkdtemp(prefix="rakurs-postgres-"))
    try:
        if os.geteuid() == 0:
            account = pwd.getpwnam("postgres")
            os.chown(folder, account.pw_uid, account.pw_gid)
        subprocess.run(
            [*_as_server_user(), str(programs / "initdb"), "-D", str(folder / "data"),
             "-U", "rakurs", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"],
            check=True, capture_output=True, cwd=folder)
        server = Server(programs, folder, _free_port())
        try:
            server.start()
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def running_server() -> Iterator[str]:
    """A running server; yields the URL of its superuser without a database name."""
    with own_server() as server:
        yield server.url


def create_database(server: str, name: str) -> str:
    """A new database of that name; its URL."""
    _psql(server, f"CREATE DATABASE {name}")
    return f"{server}/{name}"


def _psql(server: str, statement: str) -> None:
    programs = binaries()
    assert programs is not None
    subprocess.run(
        [str(programs / "psql"), "-q", "-v", "ON_ERROR_STOP=1",
         f"{server.replace('rakurs:@', 'rakurs@')}/postgres", "-c", statement],
        check=True, capture_output=True)
