"""What can go wrong. Every error says by ``retriable`` whether the same call may yet succeed."""

from __future__ import annotations

from typing import ClassVar


class AthanorError(Exception):
    """What all errors of Athanor itself have in common.

    What an isolated function raises is not one of them: that arrives as it is.
    """

    retriable: ClassVar[bool] = False


class InvalidOptionError(AthanorError, ValueError):
    """An option does not exist, or cannot have this value."""


class UnpicklableError(AthanorError, TypeError):
    """A function or an argument cannot be sent; the message names the object."""


class UnavailableError(AthanorError):
    """There is nothing that could run the function."""

    retriable = True


class QueueFullError(AthanorError):
    """As much waits in the cluster as may, and nothing was submitted; the message says how much.

    ``retry_after`` is when it is worth another try, in seconds.
    """

    retriable = True

    def __init__(self, message: str, retry_after: float = 5.0) -> None:
        super().__init__(message)
        self.retry_after = retry_after

    def __reduce__(self) -> tuple[type, tuple[str, float]]:
        return type(self), (str(self), self.retry_after)


class UnauthorizedError(AthanorError):
    """The cluster asks for a key, or the key may not do this."""


class LostCallError(AthanorError):
    """The call was lost with the machines that had it; whether the function ran is not known."""

    retriable = True


class NoSuchFunctionError(AthanorError):
    """No function is registered under that name, or it has no such version."""


class NoSuchJobError(AthanorError):
    """The cluster has no such job, or keeps its result no longer."""


class BuildFailedError(AthanorError):
    """The environment could not be built. ``output`` is what the installer had to say."""

    def __init__(self, message: str, output: str = "") -> None:
        super().__init__(message)
        self.output = output

    def __reduce__(self) -> tuple[type, tuple[str, str]]:
        return type(self), (str(self), self.output)


class StartFailedError(AthanorError):
    """A sandbox could not be started."""

    retriable = True


class SandboxDiedError(AthanorError):
    """The function ended its process, or was ended with it; the message says how."""


class OutOfMemoryError(SandboxDiedError):
    """The function needed more memory than its machine type has.

    ``larger_machine_type`` is the next one that has more; None where there is none.
    """

    def __init__(self, message: str, larger_machine_type: str | None = None) -> None:
        super().__init__(message)
        self.larger_machine_type = larger_machine_type

    def __reduce__(self) -> tuple[type, tuple[str, str | None]]:
        return type(self), (str(self), self.larger_machine_type)


class TimedOutError(AthanorError, TimeoutError):
    """The function ran for longer than its ``timeout``."""


class CancelledCallError(AthanorError):
    """The call was ended before the function was done, since nobody wanted its result any more."""


class InvalidArgumentsError(AthanorError):
    """Arguments do not fit what a registered function takes; it was not called."""


class InvalidResultError(AthanorError):
    """The function returned something that cannot be pickled, or not be read here."""


class TooLargeError(AthanorError):
    """Arguments or a result exceed what may be sent."""


class SyncFailedError(AthanorError):
    """A folder could not be sent as it is."""


class FunctionFailedError(AthanorError):
    """The function raised something that cannot be raised here as it is.

    Its class may exist there only, or it may be one that would end the caller, as ``SystemExit``.
    ``class_name`` is the name of that class; the remote traceback is the cause.
    """

    def __init__(self, message: str, class_name: str = "") -> None:
        super().__init__(message)
        self.class_name = class_name

    def __reduce__(self) -> tuple[type, tuple[str, str]]:
        return type(self), (str(self), self.class_name)


class RemoteTraceback(Exception):
    """The traceback of an exception where the function ran: the cause of what is raised here."""

    def __str__(self) -> str:
        return "\n" + str(self.args[0]) if self.args else ""
