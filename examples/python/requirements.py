"""Requirements of a function's own: pyjokes need not be installed where this program runs."""

from athanor import isolated

requirements = ["pyjokes"]


@isolated(requirements=requirements)
def my_function():
    import pyjokes
    return pyjokes.get_joke()


if __name__ == "__main__":
    print(my_function())
