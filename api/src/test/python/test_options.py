"""What functions can be told, and what is refused."""

from __future__ import annotations

import dataclasses
import inspect
import pickle
import sys
from datetime import timedelta
from typing import Any

import pytest

import athanor
from athanor import CloudKeyCredentials, LocalHost, cloud, isolated, local
from athanor._options import GivenOptions, Options
from athanor._retries import as_json


@isolated(machine_type="M", requirements=["pyjokes"])
def my_function(a: int, *, b: str = "x") -> str:
    """Says something."""
    return b * a


def test_the_defaults_are_those_of_the_reference() -> None:
    options = isolated(lambda: 1).options
    assert (options.machine_type, options.keep_alive, options.host) == ("XS", 10.0, cloud)
    assert options.requirements == ()


def test_type_checkers_know_all_options() -> None:
    names = {field.name for field in dataclasses.fields(Options)}
    assert names == {"host", *GivenOptions.__annotations__}


def test_on_gives_a_new_function_and_leaves_the_old_one() -> None:
    larger = my_function.on(machine_type="L", keep_alive=20)
    assert (larger.options.machine_type, larger.options.keep_alive) == ("L", 20.0)
    assert my_function.options.machine_type == "M"


def test_another_kind_of_host_starts_with_its_defaults() -> None:
    here = my_function.on(local)
    assert (here.options.machine_type, here.options.requirements) == ("XS", ("pyjokes",))
    assert here.on(cloud, machine_type="M").options == my_function.options
    assert my_function.on(local, machine_type="M").on(LocalHost()).options.machine_type == "M"


def test_a_function_keeps_its_signature_and_its_help() -> None:
    assert str(inspect.signature(my_function)) == "(a: 'int', *, b: 'str' = 'x') -> 'str'"
    assert my_function.__doc__ == "Says something."
    assert my_function.__name__ == "my_function"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"machine": "M"}, "did you mean 'machine_type'"),
        ({"machine_type": "XM"}, "did you mean"),
        ({"machine_type": "gpu"}, "did you mean 'GPU'"),
        ({"keep_alive": -1}, "keep_alive=-1"),
        ({"keep_alive": "10"}, "expected seconds"),
        ({"keep_alive": float("nan")}, "keep_alive=nan"),
        ({"requirements": "pyjokes"}, "expected a list"),
        ({"requirements": ["a\n--index-url=http://x"]}, "is not one such entry"),
        ({"requirements": ["-e ."]}, "is not one such entry"),
        ({"python_version": "2.7"}, "python_version='2.7'"),
        ({"python_version": "3.9"}, "in the minor version that they are called from"),
        ({"host": "local"}, "expected `local` or `cloud`"),
        ({"max_in_flight": 0}, "at least 1"),
        ({"idempotency_key": "two words"}, "without spaces"),
        ({"idempotency_key": 17}, "without spaces"),
        ({"credentials": "secret"}, "expected CloudKeyCredentials"),
    ],
)
def test_what_makes_no_sense_is_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(athanor.InvalidOptionError) as raised:
        isolated(**options)(lambda: 1)
    assert message in str(raised.value)


def test_the_own_version_may_be_asked_for() -> None:
    own = "{}.{}".format(*sys.version_info[:2])
    assert isolated(python_version=own)(lambda: 1).options.python_version == own


def test_a_call_of_no_cluster_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ATHANOR_HOST", raising=False)
    monkeypatch.setenv("ATHANOR_DISPATCHER_URL", "http://127.0.0.1:9")
    with pytest.raises(athanor.UnavailableError, match=r"no dispatcher.*ATHANOR_HOST=local"):
        my_function(1)
    monkeypatch.setenv("ATHANOR_HOST", "moon")
    with pytest.raises(athanor.InvalidOptionError, match=r"moon"):
        my_function(1)


def test_a_secret_is_not_printed() -> None:
    assert "hush" not in repr(CloudKeyCredentials(key_id="id", key_secret="hush"))


def test_errors_can_be_pickled() -> None:
    for error in (
        athanor.OutOfMemoryError("m", "S"),
        athanor.BuildFailedError("m", "o"),
        athanor.FunctionFailedError("m", "c"),
    ):
        copy = pickle.loads(pickle.dumps(error))
        assert (str(copy), vars(copy)) == (str(error), vars(error))


def test_retries_are_given_as_a_number_or_a_policy() -> None:
    again = isolated(retries=2)(len).options.retries
    assert again == athanor.Retries(3)
    assert isolated(retries=0)(len).options.retries is None
    policy = athanor.Retries(5, delay=0.5, on=(OSError, "requests.exceptions.HTTPError"))
    given = isolated(retries=policy)(len).options.retries
    assert given is not None
    assert as_json(given) == {
        "attempts": 5,
        "firstDelayMillis": 500,
        "factor": 2.0,
        "maxDelayMillis": 300_000,
        "jitter": 0.1,
        "exceptions": ["OSError", "requests.exceptions.HTTPError"],
    }


@pytest.mark.parametrize("wrong", [-1, 100, True, "3", 1.5, {"attempts": 3}])
def test_retries_that_are_none_are_refused(wrong: Any) -> None:
    with pytest.raises(athanor.InvalidOptionError, match="retries"):
        isolated(retries=wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        {"attempts": 0},
        {"attempts": 2.5},
        {"attempts": 2, "delay": -1},
        {"attempts": 2, "factor": float("nan")},
        {"attempts": 2, "jitter": 2},
        {"attempts": 2, "on": (int,)},
    ],
)
def test_a_policy_has_what_it_can_have(wrong: Any) -> None:
    with pytest.raises(athanor.InvalidOptionError, match="retries"):
        athanor.Retries(**wrong)


def test_a_schedule_has_a_name_that_fits_an_address() -> None:
    assert athanor.Cron("nightly", "0 3 * * *").zone == "UTC"
    for wrong in ("", "a/b", "-a", "x" * 129, None):
        with pytest.raises(athanor.InvalidOptionError, match="name="):
            athanor.Cron(wrong, "0 3 * * *")  # type: ignore[arg-type]
        with pytest.raises(athanor.InvalidOptionError, match="name="):
            athanor.Schedule.named(wrong)  # type: ignore[arg-type]
    with pytest.raises(athanor.InvalidOptionError, match="missed="):
        athanor.Cron("nightly", "0 3 * * *", missed="all")


def test_nothing_waits_on_this_machine() -> None:
    with pytest.raises(athanor.UnavailableError, match="outlives its caller"):
        isolated(host=local)(len).schedule(timedelta(seconds=1), "a")
