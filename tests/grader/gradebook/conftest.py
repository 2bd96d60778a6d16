"""A gradebook in SQLite and one in PostgreSQL, started for these tests alone."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
import sqlalchemy as sql

from grader.gradebook.store import Gradebook

DEBIAN = Path("/usr/lib/postgresql")


def programs() -> Path | None:
    """The folder of initdb and pg_ctl; Debian keeps them off the path."""
    found = sorted(DEBIAN.glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).parent if on_path else None


def user_of_server() -> str | None:
    """Whom the server runs as, where that may not be who runs the tests: it refuses root."""
    if os.geteuid() != 0:
        return None
    pwd.getpwnam("postgres")
    return "postgres"


def without() -> None:
    message = "no PostgreSQL on this machine: install Debian's package postgresql"
    if os.environ.get("CI"):
        pytest.fail(f"{message}, which CI must not skip")
    pytest.skip(message)


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The URL of an empty database; its server has a socket in a folder of its own, and no port."""
    bin_folder = programs()
    if bin_folder is None:
        without()
        return
    user = user_of_server()
    folder = Path(tempfile.mkdtemp(prefix="grader-"))  # short: the path of a socket must be
    data, log = folder / "data", folder / "log"
    if user:
        shutil.chown(folder, user)

    def run(program: str, *arguments: str | Path) -> None:
        command = [bin_folder / program, *arguments]
        ended = subprocess.run(
            command, user=user, cwd=folder, capture_output=True, check=False, text=True
        )
        said = log.read_text() if log.exists() else ""
        assert ended.returncode == 0, f"{ended.stderr}\n{said}"

    quick = f"-k {folder} -c listen_addresses= -c fsync=off -c shared_buffers=16MB"
    try:
        run("initdb", "-D", data, "-U", "grader", "-A", "trust", "-E", "UTF8", "--no-locale", "-N")
        run("pg_ctl", "start", "-w", "-D", data, "-l", log, "-o", quick)
        try:
            yield f"postgresql://grader@/postgres?host={folder}"
        finally:
            run("pg_ctl", "stop", "-m", "immediate", "-D", data)
    finally:
        shutil.rmtree(folder)


def empty(url: str) -> str:
    """Take everything out of a database of PostgreSQL."""
    engine = sql.create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        connection.execute(sql.text("DROP SCHEMA public CASCADE"))
        connection.execute(sql.text("CREATE SCHEMA public"))
    engine.dispose()
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a gradebook goes that is not there yet."""
    if request.param == "sqlite":
        return str(tmp_path / "deep" / "down" / "grades.sqlite3")
    return empty(request.getfixturevalue("server"))


@pytest.fixture
def opened() -> Iterator[Callable[[str], Gradebook]]:
    """Opens gradebooks that are closed in the end."""
    with ExitStack() as books:
        yield lambda place: books.enter_context(closing(Gradebook(place)))


@pytest.fixture
def book(place: str, opened: Callable[[str], Gradebook]) -> Gradebook:
    return opened(place)
