"""A throw-away PostgreSQL cluster from Debian's packages, on loopback, for one test session."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
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


@contextmanager
def running_server() -> Iterator[str]:
    """A running server; yields the URL of its superuser without a database name."""
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
        port = _free_port()
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(
                [*_as_server_user(), str(programs / "postgres"), "-D", str(folder / "data"),
                 "-h", "127.0.0.1", "-p", str(port), "-k", str(folder), "-F"],
                stdout=log, stderr=log, cwd=folder)
        try:
            _await_ready(programs, port, server, folder / "log")
            yield f"postgres://rakurs:@127.0.0.1:{port}"
        finally:
            server.terminate()
            try:
                server.wait(timeout=20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _await_ready(programs: Path, port: int, server: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while subprocess.run(
            [str(programs / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)],
            check=False).returncode:
        if server.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"PostgreSQL did not start: {log.read_text()[-2000:]}")
        time.sleep(0.05)


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
