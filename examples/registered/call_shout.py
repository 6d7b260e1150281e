"""Calls a function that was written in Java."""

import athanor

shout = athanor.function("text/shout")

print(shout("hello", 2))
print(shout(text="bye", times=1))
try:
    shout("hello", "twice")
except athanor.InvalidArgumentsError as e:
    print(e)
