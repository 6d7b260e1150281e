"""The local host."""

from athanor import cloud, isolated, local
from machine_type import my_function

my_function_local = my_function.on(local)

my_function_cloud = my_function_local.on(cloud, machine_type="M")

requirements = ["pyjokes"]


@isolated(requirements=requirements, host=local)
def my_function_local2():
    import pyjokes
    return pyjokes.get_joke()


if __name__ == "__main__":
    print(my_function_local())
    print(my_function_cloud())
    print(my_function_local2())
