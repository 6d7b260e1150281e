"""Jobs that run again and later, by way of a cluster. Prints how many things were tried."""

import datetime
import os
import time

import athanor
from athanor import Cron, Retries, Schedule, isolated

SOON = Retries(3, delay=0.1)


@isolated(retries=SOON)
def third_time() -> str:
    if int(os.environ["ATHANOR_ATTEMPT"]) < 3:
        raise FileNotFoundError("not yet")
    return f"at attempt {os.environ['ATHANOR_ATTEMPT']}"


@isolated
def greet(name: str) -> str:
    return f"Hello {name}"


def main() -> int:
    assert third_time() == "at attempt 3"
    job = third_time.on(retries=Retries(3, delay=0.1, on=(OSError,))).spawn()
    assert job.result() == "at attempt 3"
    assert job.status().attempt == 3

    other = third_time.on(retries=Retries(3, delay=0.1, on=("ValueError",))).spawn()
    try:
        other.result()
        raise AssertionError("it did not fail")
    except FileNotFoundError:
        assert other.status().attempt == 1

    begin = time.time()
    assert greet.schedule(datetime.timedelta(seconds=2), "later").result() == "Hello later"
    assert time.time() - begin >= 2
    tomorrow = datetime.datetime.now() + datetime.timedelta(days=1)
    waiting = greet.schedule(tomorrow, "tomorrow")
    assert waiting.status().state == "SCHEDULED"
    assert waiting.cancel() == "CANCELLED_WHILE_QUEUED"

    greet.schedule(Cron("python", "0 3 * * *", zone="Europe/Berlin"), "World")
    schedule = Schedule.named("python")
    assert schedule.status()["zone"] == "Europe/Berlin"
    assert schedule.run_now().result() == "Hello World"
    assert len(schedule.firings()) == 1
    schedule.pause()
    assert schedule.status()["paused"]
    schedule.resume()
    schedule.delete()
    try:
        schedule.status()
        raise AssertionError("it is still there")
    except athanor.NoSuchJobError:
        pass
    return 5


if __name__ == "__main__":
    print(main())
