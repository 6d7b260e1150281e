"""Makes calls as it is told, one command a line, and says how many microseconds each took."""

import sys
import time

from athanor import isolated


def same(value):
    return value


FUNCTIONS = {
    "hot": isolated(machine_type="M", keep_alive=600)(same),
    # Of an environment of its own, or a hot sandbox of the other would take it.
    "cold": isolated(machine_type="M", keep_alive=0, requirements=["cloudpickle"])(same),
}

for line in sys.stdin:
    kind, count = line.split()
    times = []
    for number in range(int(count)):
        begin = time.perf_counter_ns()
        assert FUNCTIONS[kind](number) == number
        times.append((time.perf_counter_ns() - begin) // 1000)
    print(*times, flush=True)
