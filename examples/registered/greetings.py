"""Is called from Java and by curl, once it is deployed."""

from athanor import isolated


@isolated(keep_alive=60)
def greet(name: str, times: int = 1) -> dict[str, object]:
    """Greets somebody."""
    return {"greeting": " ".join(["Hello"] * times + [name]), "letters": len(name)}


if __name__ == "__main__":
    print(greet.deploy("greetings/greet"))
