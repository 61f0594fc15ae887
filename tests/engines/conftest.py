"""Databases that tests start for themselves and stop again; where one is not installed, its tests are skipped."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mqldsl.evaluate.sql.lowering.spark import SETTINGS

_PATIENCE = 60


@pytest.fixture(scope="session")
def postgres() -> Iterator[Any]:
    """A connection to a PostgreSQL of its own, on a socket in a folder of its own."""
    psycopg = pytest.importorskip("psycopg", reason="psycopg is not installed: pip install 'psycopg[binary]'")
    programs = _postgres_programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed: apt-get install postgresql")
    user = _unprivileged()
    # In short: the path of a socket may have about a hundred characters.
    with tempfile.TemporaryDirectory(prefix="pg", ignore_cleanup_errors=True) as folder:
        if user is not None:
            shutil.chown(folder, user)
        data = Path(folder) / "data"
        # An order of texts that is not by code points, so that it shows where one is counted on.
        order = ["--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en-US"]
        make: Any = [
            programs / "initdb",
            "-D",
            data,
            "-U",
            "tests",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--no-sync",
            *order,
        ]
        subprocess.run(make, check=True, stdout=subprocess.DEVNULL, user=user, cwd=folder)
        settings = [f"unix_socket_directories={folder}", "listen_addresses=", "fsync=off", "jit=off"]
        options = [part for setting in settings for part in ("-c", setting)]
        start: Any = [programs / "postgres", "-D", data, *options]
        server = subprocess.Popen(start, stderr=subprocess.DEVNULL, user=user, cwd=folder)
        try:
            yield from _connected(psycopg, folder)
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(_PATIENCE)


def _connected(psycopg: Any, folder: str) -> Iterator[Any]:
    until = time.monotonic() + _PATIENCE
    connection = None
    while connection is None:
        try:
            connection = psycopg.connect(host=folder, user="tests", dbname="postgres", autocommit=True)
        except psycopg.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
    with connection:
        yield connection


def _postgres_programs() -> Path | None:
    found = shutil.which("initdb")
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return Path(found).parent if found else next(iter(folders), None)


def _unprivileged() -> str | None:
    """Return the user that is to run the server: it refuses to run as root."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody") if name in names)


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A Spark session in this process, on one core."""
    if shutil.which("java") is None:
        pytest.skip("Java is not installed: apt-get install openjdk-17-jre-headless")
    sql = pytest.importorskip("pyspark.sql", reason="Spark is not installed: pip install pyspark")
    settings = {
        "spark.ui.enabled": "false",
        "spark.sql.warehouse.dir": str(tmp_path_factory.mktemp("warehouse")),
        "spark.sql.shuffle.partitions": "1",
        "spark.default.parallelism": "1",
        # Neither an hour of the machine's own nor an answer instead of an error.
        "spark.sql.session.timeZone": "America/New_York",
        "spark.sql.ansi.enabled": "true",
        "spark.driver.host": "localhost",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.log.level": "ERROR",
        "spark.ui.showConsoleProgress": "false",
        "spark.driver.memory": "2g",
    }
    builder = sql.SparkSession.builder.master("local[1]").appName("tests")
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    yield session
    session.stop()


@pytest.fixture
def patient_spark(spark: Any) -> Iterator[Any]:
    """The same session for long queries over a few rows: no code is made of them, and steps are not merged."""
    settings = {
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.codegen.factoryMode": "NO_CODEGEN",
        **SETTINGS,
    }
    for name, value in settings.items():
        spark.conf.set(name, value)
    yield spark
    for name in settings:
        spark.conf.unset(name)
