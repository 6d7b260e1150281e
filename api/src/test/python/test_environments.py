"""How environments are built, kept and refused."""

from __future__ import annotations

import functools
import hashlib
import http.server
import os
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import athanor
from athanor import LocalHost, isolated
from athanor._local.environments import Definition, EnvironmentStore
from support import SLOW, until


class Index:
    """A package index on this machine, which counts what is asked of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.requests: list[str] = []
        index = self

        class Handler(http.server.SimpleHTTPRequestHandler):
            def log_message(self, *args: object) -> None:
                index.requests.append(self.path)

        self.server = http.server.ThreadingHTTPServer(
            ("127.0.0.1", 0), functools.partial(Handler, directory=str(folder))
        )
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def add(self, name: str, version: str, requires: str = "") -> str:
        """Adds a package that knows its version, and returns its digest."""
        wheel = self.folder / name.replace("_", "-") / f"{name}-{version}-py3-none-any.whl"
        wheel.parent.mkdir(exist_ok=True)
        info = f"{name}-{version}.dist-info"
        metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
        with zipfile.ZipFile(wheel, "w") as file:
            file.writestr(f"{name}.py", f"VERSION = {version!r}\n")
            file.writestr(
                f"{info}/METADATA", metadata + (f"Requires-Dist: {requires}\n" if requires else "")
            )
            file.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
            file.writestr(f"{info}/RECORD", "")
        pages = "".join(
            f'<a href="{each.name}#sha256={_digest(each)}">{each.name}</a>'
            for each in wheel.parent.glob("*.whl")
        )
        (wheel.parent / "index.html").write_text(pages)
        return _digest(wheel)


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Index]:
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "uv"))
    (tmp_path / "index").mkdir()
    started = Index(tmp_path / "index")
    yield started
    started.server.shutdown()
    started.server.server_close()


@pytest.fixture
def host(tmp_path: Path) -> Iterator[LocalHost]:
    started = LocalHost(tmp_path / "cache", "process")
    yield started
    started.close()


def version() -> str:
    import athanor_sample  # type: ignore[import-not-found]

    return athanor_sample.VERSION  # type: ignore[no-any-return]


def test_a_requirement_comes_from_the_public_index(process_host: LocalHost) -> None:
    @isolated(requirements=["pyjokes==0.8.3"], host=process_host)
    def get_joke() -> str:
        import pyjokes

        return pyjokes.get_joke()  # type: ignore[no-any-return]

    assert len(get_joke()) > 10


def test_versions_indexes_constraints_and_hashes_count(host: LocalHost, index: Index) -> None:
    digest = index.add("athanor_sample", "1.0")
    index.add("athanor_sample", "2.0")
    function = isolated(host=host, requirements=["athanor_sample"], index_url=index.url)(version)
    assert function() == "2.0"
    assert function.on(constraints=["athanor_sample<2"])() == "1.0"
    assert function.on(requirements=["athanor_sample==1.0"])() == "1.0"
    pinned = f"athanor_sample==1.0 --hash=sha256:{digest}"
    assert function.on(requirements=[pinned])() == "1.0"
    with pytest.raises(athanor.BuildFailedError, match=r"(?i)hash"):
        function.on(requirements=[pinned.replace(digest, "0" * 64)])()


def test_the_same_list_is_built_once_and_another_order_anew(
    tmp_path: Path, index: Index, process_host: LocalHost
) -> None:
    index.add("athanor_sample", "1.0")
    index.add("athanor_other", "1.0")
    names = ["athanor_sample", "athanor_other"]
    hosts = [LocalHost(tmp_path / "cache", "process") for _ in range(2)]
    lines: list[str] = []
    options = isolated(
        requirements=names, index_url=index.url, logs=lambda line: lines.append(line.text)
    )
    function = options(lambda: sys.prefix)
    with ThreadPoolExecutor(8) as threads:
        places = set(threads.map(lambda i: function.on(hosts[i % 2])(), range(8)))
    assert len(places) == 1
    assert len([line for line in lines if line.startswith("Installed 2 packages")]) == 1
    assert function.on(hosts[0], requirements=names[::-1])() not in places
    for each in hosts:
        each.close()


def test_a_failed_build_leaves_nothing_and_is_remembered_for_a_while(
    tmp_path: Path, index: Index
) -> None:
    now = 1000.0
    store = EnvironmentStore(tmp_path / "environments", lambda: now)
    definition = Definition(("athanor_missing",), (), index.url, (), (), sys.executable)

    def prepare() -> str:
        lines: list[str] = []
        # The store's clock is set by hand, the installer's is not.
        limit = time.monotonic() - now + SLOW
        with pytest.raises(athanor.BuildFailedError, match="athanor-missing") as raised:
            store.prepare(definition, limit, lines.append, lambda: None)
        assert raised.value.output
        return "\n".join(lines)

    assert "athanor-missing" in prepare()
    assert [each.suffix for each in (tmp_path / "environments").iterdir()] == [".lock"]
    asked = len(index.requests)
    assert prepare() == ""
    assert len(index.requests) == asked
    now += 30
    assert prepare() != ""


def test_a_build_has_a_time_limit(host: LocalHost, index: Index) -> None:
    silent = http.server.ThreadingHTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler)
    try:
        # It accepts connections, and nobody answers.
        function = isolated(
            host=host,
            requirements=["athanor_sample"],
            index_url=f"http://127.0.0.1:{silent.server_port}",
            build_timeout=1,
        )(version)
        with pytest.raises(athanor.BuildFailedError, match=r"build_timeout=1 seconds"):
            function()
    finally:
        silent.server_close()


def test_what_a_killed_build_left_is_built_anew(
    tmp_path: Path, index: Index, host: LocalHost
) -> None:
    index.add("athanor_sample", "1.0")
    function = isolated(host=host, requirements=["athanor_sample"], index_url=index.url)(version)
    folder = tmp_path / "cache" / "environments" / "python" / Definition.of(function.options).key()
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "python").write_text("half of it")
    assert function() == "1.0"


def test_another_process_waits_for_one_that_builds(tmp_path: Path, index: Index) -> None:
    index.add("athanor_sample", "1.0")
    program = f"""
import sys
from athanor import LocalHost, isolated
host = LocalHost({str(tmp_path / "cache")!r}, "process")
@isolated(host=host, requirements=["athanor_sample"], index_url={index.url!r})
def version():
    import athanor_sample
    return athanor_sample.VERSION
print(version())
"""
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", program],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    outputs = [each.communicate(timeout=SLOW) for each in processes]
    assert [out for out, _ in outputs] == ["1.0\n"] * 3
    assert sum("Installed" in err for _, err in outputs) == 1


def test_a_cancelled_call_stops_its_build(tmp_path: Path, host: LocalHost) -> None:
    silent = http.server.ThreadingHTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler)
    try:
        call = isolated(
            host=host,
            requirements=["athanor_sample"],
            index_url=f"http://127.0.0.1:{silent.server_port}",
        )(version).submit()
        environments = tmp_path / "cache" / "environments" / "python"
        until(lambda: environments.exists() and any(environments.glob("*/bin/python")))
        assert call.cancel()
        until(lambda: not any(environments.glob("*/bin")))
    finally:
        silent.server_close()


def test_requirements_are_for_the_function_only(host: LocalHost, index: Index) -> None:
    index.add("athanor_sample", "1.0")
    isolated(host=host, requirements=["athanor_sample"], index_url=index.url)(version)()
    with pytest.raises(ModuleNotFoundError):
        version()
    with pytest.raises(ModuleNotFoundError, match=r'add "athanor_sample" to the requirements'):
        isolated(host=host)(version)()


def test_the_cloudpickle_of_the_requirements_goes_first(host: LocalHost) -> None:
    def look() -> str:
        import cloudpickle

        return cloudpickle.__version__  # type: ignore[no-any-return]

    own = isolated(host=host)(look)
    assert own() == look()
    assert isolated(host=host, requirements=["cloudpickle==3.1.1"])(look)() == "3.1.1"


def test_the_cache_is_where_the_environment_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ATHANOR_CACHE", str(tmp_path / "named"))
    host = LocalHost(isolation="process")
    assert isolated(host=host)(lambda: os.environ["VIRTUAL_ENV"])().startswith(str(tmp_path))
    host.close()
