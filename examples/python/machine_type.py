"""Machine types, and a function that is made of another one."""

from athanor import isolated

requirements = ["pyjokes"]


@isolated(requirements=requirements, machine_type="M")
def my_function():
    import pyjokes
    return pyjokes.get_joke()


my_function_L = my_function.on(machine_type="L")

if __name__ == "__main__":
    my_function()  # executed on machine type `M`
    my_function_L()  # same as my_function but executed on machine type `L`
    print(my_function.options.machine_type, my_function_L.options.machine_type)
