"""The isolated decorator."""

from athanor import isolated


@isolated
def my_function():
    return "Hello World"


if __name__ == "__main__":
    print(my_function())
