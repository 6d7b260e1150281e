"""A function whose output is kept while its environment is hot."""

import time

from athanor import cached, isolated


@cached
def my_cached_function():
    # Simulate a time-consuming calculation
    time.sleep(2)
    return "Hello, World!"


@isolated
def my_isolated_function():
    result = my_cached_function()
    return f"The result is: {result}"


if __name__ == "__main__":
    begin = time.monotonic()
    # Call the isolated function multiple times
    result1 = my_isolated_function()  # Takes more than 2 seconds
    first = time.monotonic()
    result2 = my_isolated_function()  # Almost instant
    second = time.monotonic()

    print(result1)  # Output: "The result is: Hello, World!"
    print(result2)  # Output: "The result is: Hello, World!"
    print(f"{first - begin:.3f} s, then {second - first:.3f} s")
