"""``python -m athanor run file.py::function --name value``."""

from __future__ import annotations

import argparse
import importlib.util
import inspect
import json
import os
import sys
import typing
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from athanor import AthanorError, IsolatedFunction, cloud, isolated, local
from athanor._deployed import print_deployed

_DESCRIPTION = """Runs a function of a file in its environment, and prints what it returns: text as
it is, other values as JSON where they can be, one line for each value of a function that yields.
What the function prints goes to where it always goes. The status is 0; 1 when the function failed;
2 when it could not be called so."""


def main(arguments: Sequence[str]) -> int:
    """Returns the status to exit with."""
    parser = argparse.ArgumentParser("python -m athanor", description="Athanor's Python client.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND", dest="command")
    run = commands.add_parser("run", help="runs a function of a file", description=_DESCRIPTION)
    run.add_argument("target", metavar="FILE.py::FUNCTION", help="isolated already or not")
    run.add_argument(
        "--on", choices=("local", "cloud"), help="where to run it; default: as it says"
    )
    run.add_argument(
        "arguments",
        nargs=argparse.REMAINDER,
        metavar="--NAME VALUE",
        help="its arguments by name: JSON, or text where they are none",
    )
    _add_deploy(commands)
    given = parser.parse_args(arguments)
    if given.command == "deploy":
        return _deploy(given, parser.prog)
    try:
        function = _load(given.target)
        kwargs = _bound(function, given.arguments)
    except (ValueError, OSError) as e:
        print(f"{parser.prog}: {e}", file=sys.stderr)
        return 2
    if given.on is not None:
        function = function.on(local if given.on == "local" else cloud)
    return _run(function, kwargs)


def _add_deploy(commands: Any) -> None:
    deploy = commands.add_parser(
        "deploy",
        help="registers a function of a file under a name",
        description="Registers a function on the cluster at ATHANOR_DISPATCHER_URL, by which it "
        "can be called from any language. What the function says of itself holds where it is not "
        "said here.",
    )
    deploy.add_argument("target", metavar="FILE.py::FUNCTION", help="isolated already or not")
    deploy.add_argument("--name", required=True, help="such as jokes/tell")
    deploy.add_argument("--requirement", "-r", action="append", help="as pip takes it")
    deploy.add_argument("--machine-type", help="XS by default")
    for name, default in (("keep-alive", 10), ("timeout", 300), ("build-timeout", 600)):
        deploy.add_argument(
            f"--{name}", type=float, metavar="SECONDS", help=f"{default} by default"
        )
    deploy.add_argument("--json", action="store_true", help="print it for programs")


def _deploy(given: argparse.Namespace, program: str) -> int:
    options = {
        "requirements": given.requirement,
        "machine_type": given.machine_type,
        "keep_alive": given.keep_alive,
        "timeout": given.timeout,
        "build_timeout": given.build_timeout,
    }
    try:
        function = _load(given.target)
        said: Any = {name: value for name, value in options.items() if value is not None}
        version = function.on(**said).deploy(given.name)
    except (ValueError, OSError) as e:
        print(f"{program}: {e}", file=sys.stderr)
        return 2
    except AthanorError as e:
        print(f"{type(e).__name__}: {e}", file=sys.stderr)
        return 1
    print_deployed(given.name, version, given.json)
    return 0


def _run(function: IsolatedFunction[..., Any], kwargs: dict[str, Any]) -> int:
    try:
        if inspect.isgeneratorfunction(function.function):
            for value in function(**kwargs):
                print(_text(value), flush=True)
        elif inspect.isasyncgenfunction(function.function):
            print("an asynchronous generator is for programs", file=sys.stderr)
            return 2
        else:
            result = function.submit(**kwargs).result()
            if result is not None:
                print(_text(result))
    except AthanorError as e:
        print(f"{type(e).__name__}: {e}", file=sys.stderr)
        return 1
    return 0


def _load(target: str) -> IsolatedFunction[..., Any]:
    file, separator, name = target.rpartition("::")
    if not separator or not file or not name:
        raise ValueError(f"{target!r} is not of the form FILE.py::FUNCTION")
    path = Path(file).resolve()
    if not path.is_file():
        raise FileNotFoundError(f"{file} does not exist")
    # As if the file were run: it finds the modules beside it.
    sys.path.insert(0, str(path.parent))
    # A name of its own: the file may be called like a module that is loaded already.
    name_in_here = f"_run_{path.stem}"
    spec = importlib.util.spec_from_file_location(name_in_here, path)
    if spec is None or spec.loader is None:
        raise ValueError(f"{file} is not a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name_in_here] = module
    spec.loader.exec_module(module)
    function = getattr(module, name, None)
    if function is None:
        there = sorted(key for key, value in vars(module).items() if _is_offered(value, module))
        raise ValueError(f"{file} has no {name!r}; it has {', '.join(there) or 'no function'}")
    if not callable(function):
        raise ValueError(f"{name!r} in {file} is not a function")
    return function if isinstance(function, IsolatedFunction) else isolated(function)


def _is_offered(value: object, module: object) -> bool:
    return isinstance(value, IsolatedFunction) or (
        inspect.isfunction(value) and value.__module__ == getattr(module, "__name__", None)
    )


def _bound(function: IsolatedFunction[..., Any], words: Sequence[str]) -> dict[str, Any]:
    """Reads ``--name value``, ``--name=value``, and ``--name`` alone for True."""
    signature = inspect.signature(function.function)
    texts = _texts(function)
    kwargs: dict[str, Any] = {}
    for name, value in _pairs(words):
        key = name.replace("-", "_")
        if value is None:
            kwargs[key] = True
        elif key in texts:
            kwargs[key] = value
        else:
            try:
                kwargs[key] = json.loads(value)
            except ValueError:
                kwargs[key] = value
    try:
        signature.bind(**kwargs)
    except TypeError as e:
        raise ValueError(f"{function.__name__}{signature}: {e}") from None
    return kwargs


def _pairs(words: Sequence[str]) -> Iterator[tuple[str, str | None]]:
    at = 0
    while at < len(words):
        word = words[at]
        if not word.startswith("--") or word == "--":
            raise ValueError(f"{word!r}: arguments are given as --NAME VALUE")
        name, separator, value = word[2:].partition("=")
        at += 1
        if separator:
            yield name, value
        elif at < len(words) and not words[at].startswith("--"):
            yield name, words[at]
            at += 1
        else:
            yield name, None


def _texts(function: IsolatedFunction[..., Any]) -> set[str]:
    """Returns the parameters that are declared to be text: theirs is never taken for a number."""
    try:
        hints = typing.get_type_hints(function.function)
    except Exception:
        # Annotations may name what only a type checker knows.
        return set()
    return {name for name, hint in hints.items() if hint in (str, str | None)}


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    try:
        return json.dumps(value, ensure_ascii=False)
    except (TypeError, ValueError):
        return repr(value)


if __name__ == "__main__":
    try:
        status = main(sys.argv[1:])
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read it has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        status = 1
    sys.exit(status)
