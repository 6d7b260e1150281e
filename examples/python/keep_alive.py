"""An environment that stays hot for 20 seconds after each call."""

from athanor import isolated


@isolated(keep_alive=20, requirements=["pyjokes"])
def get_joke():
    import pyjokes
    return pyjokes.get_joke()


if __name__ == "__main__":
    import time

    for _ in range(2):
        begin = time.monotonic()
        joke = get_joke()
        print(f"{time.monotonic() - begin:.3f} s: {joke}")
