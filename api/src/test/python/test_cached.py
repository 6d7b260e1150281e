"""What is kept while an environment is hot."""

from __future__ import annotations

import time
from collections.abc import Callable

from athanor import LocalHost, cached, isolated


@cached
def computed(x: object) -> object:
    """Computes something."""
    print("computed")
    return object()


def maker(captured: int) -> Callable[[], tuple[int, float]]:
    return cached(lambda: (captured, time.monotonic()))


def test_the_example_of_the_reference(process_host: LocalHost) -> None:
    @cached
    def my_cached_function() -> str:
        # Simulate a time-consuming calculation
        import time

        time.sleep(2)
        return "Hello, World!"

    @isolated(host=process_host, machine_type="M")
    def my_isolated_function() -> str:
        return f"The result is: {my_cached_function()}"

    begin = time.monotonic()
    assert my_isolated_function() == "The result is: Hello, World!"
    first = time.monotonic()
    assert my_isolated_function() == "The result is: Hello, World!"
    assert first - begin > 2
    assert time.monotonic() - first < 2


def test_functions_of_one_environment_share_the_values(process_host: LocalHost) -> None:
    lines: list[str] = []
    here = isolated(host=process_host, machine_type="L", logs=lambda line: lines.append(line.text))
    here(lambda: computed(1) and None)()
    here(lambda: computed(1) and computed(2) and None)()
    here(lambda: computed([1]) and computed([1]) and None)()
    assert lines.count("computed") == 3


def test_threads_compute_a_value_once(process_host: LocalHost) -> None:
    def race() -> int:
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(8) as threads:
            return len(set(threads.map(lambda _: id(computed("race")), range(64))))

    assert isolated(host=process_host, machine_type="M")(race)() == 1


def test_what_is_raised_is_not_kept() -> None:
    calls = []

    @cached
    def fail() -> int:
        calls.append(1)
        if len(calls) == 1:
            raise ValueError
        return len(calls)

    try:
        fail()
    except ValueError:
        assert fail() == fail() == 2


def test_functions_are_told_apart_by_what_they_capture_and_are_given() -> None:
    assert maker(1)()[0] == 1
    assert maker(2)()[0] == 2
    assert maker(1)() == maker(1)()
    assert computed(1) is computed(1)
    assert computed(1) is not computed(True)
    assert computed(1) is not computed(1.0)


def test_a_cached_function_is_called_and_described_as_before() -> None:
    assert computed.__name__ == "computed"
    assert computed.__doc__ == "Computes something."

    class Model:
        @cached
        def weight(self) -> object:
            return object()

    model = Model()
    assert model.weight() is model.weight()
    assert model.weight() is not Model().weight()
