"""Stands between the agent and the process that user code runs in.

User code can hold the interpreter's lock, crash or leave at any moment. So it runs in a process of
its own, forked from this one, which runs none of it: cancels and pings are always answered, what
was printed before a crash still arrives, and this process ends just as the other did, so that
whoever started it can tell what happened.
"""

from __future__ import annotations

import collections
import io
import mmap
import os
import resource
import selectors
import signal
import socket
import sys
import types

import _athanor_frames as frames
import _athanor_output as output
import _athanor_worker as worker_module


class Supervisor:
    """Serves one agent over a connected socket. Single-threaded."""

    def __init__(self, agent: socket.socket) -> None:
        self._agent = agent
        self._decoder = frames.Decoder()
        self._answers = frames.Decoder()
        self._waiting: collections.deque[frames.Invoke] = collections.deque()
        self._running: frames.Invoke | None = None
        self._selector = selectors.DefaultSelector()
        self._streams: list[output.Stream] = []
        self._control: socket.socket | None = None
        self._worker = 0
        self._cancelled = mmap.mmap(-1, 8)
        worker_module.write_call_id(self._cancelled, -1)

    def run(self) -> int:
        """Returns the status to exit with, as of ``os.waitstatus_to_exitcode``."""
        self._send(
            frames.Hello(frames.VERSION, os.getpid(), ".".join(map(str, sys.version_info[:3])))
        )
        self._selector.register(self._agent, selectors.EVENT_READ)
        while True:
            for key, _ in self._selector.select():
                status = self._ready(key)
                if status is not None:
                    return status

    def _ready(self, key: selectors.SelectorKey) -> int | None:
        if key.fileobj is self._agent:
            return self._from_agent()
        if key.fileobj is self._control:
            self._from_worker()
            return None
        if isinstance(key.data, output.Stream):
            lines = key.data.read()
            if lines is None:
                self._selector.unregister(key.fd)
            elif lines:
                self._log(key.data, lines)
            return None
        os.read(key.fd, 4096)  # SIGCHLD
        return self._reap()

    def _from_agent(self) -> int | None:
        try:
            data = self._agent.recv(1 << 20)
        except ConnectionError:
            data = b""
        if not data:
            self._kill()
            return 0
        for frame in self._decoder.feed(data):
            self._handle(frame)
        return None

    def _handle(self, frame: frames.Frame) -> None:
        if isinstance(frame, frames.Ping):
            self._send(frames.Pong(frame.nonce))
        elif isinstance(frame, frames.Load) and self._control is None:
            self._load(frame)
        elif self._control is None:
            raise frames.MalformedFrameError(f"{type(frame).__name__} came before its LOAD")
        elif isinstance(frame, frames.Invoke):
            if len(self._waiting) >= frames.MAX_WAITING_CALLS:
                raise frames.MalformedFrameError(f"{len(self._waiting)} calls wait already")
            self._waiting.append(frame)
            self._next()
        elif isinstance(frame, frames.Cancel):
            self._cancel(frame.call_id)
        elif isinstance(frame, frames.Grant):
            self._grant(frame)
        elif isinstance(frame, frames.Withdraw):
            while self._waiting:
                self._not_started(self._waiting.popleft(), "it was withdrawn")
        else:
            raise frames.MalformedFrameError(f"an agent does not send {type(frame).__name__} here")

    def _cancel(self, call_id: int) -> None:
        if self._running is not None and self._running.call_id == call_id:
            worker_module.write_call_id(self._cancelled, call_id)
            os.kill(self._worker, signal.SIGINT)
        for call in [each for each in self._waiting if each.call_id == call_id]:
            self._waiting.remove(call)
            self._not_started(call, "it was cancelled before its turn")

    def _grant(self, grant: frames.Grant) -> None:
        if self._running is not None and self._running.call_id == grant.call_id:
            self._to_worker(grant)

    def _not_started(self, call: frames.Invoke, why: str) -> None:
        self._send(frames.Rejected(call.call_id, frames.NOT_STARTED, why))

    def _load(self, load: frames.Load) -> None:
        missing = [path for path in load.class_path if not os.path.exists(path)]
        if missing:
            self._send(frames.LoadFailed(f"{missing[0]} does not exist"))
            return
        self._fork(load.class_path)
        self._send(frames.Loaded())

    def _fork(self, path: tuple[str, ...]) -> None:
        wake, notify = os.pipe()
        for fd in (wake, notify):
            os.set_blocking(fd, False)
        signal.set_wakeup_fd(notify, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, _nothing)
        # Until the worker has a handler of its own, it looks for itself at what is cancelled.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        self._selector.register(wake, selectors.EVENT_READ)
        ours, theirs = socket.socketpair()
        out, err = os.pipe(), os.pipe()
        sys.stdout.flush()
        sys.stderr.flush()
        self._worker = os.fork()
        if self._worker == 0:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            self._selector.close()
            for each in (ours, self._agent):
                each.close()
            os.dup2(out[1], 1)
            os.dup2(err[1], 2)
            for fd in (*out, *err, wake, notify):
                os.close(fd)
            _work(theirs, self._cancelled, path)
        theirs.close()
        os.close(out[1])
        os.close(err[1])
        for number, fd in ((frames.STDOUT, out[0]), (frames.STDERR, err[0])):
            stream = output.Stream(number, fd, output.LineQuota())
            self._streams.append(stream)
            self._selector.register(fd, selectors.EVENT_READ, stream)
        self._control = ours
        self._selector.register(ours, selectors.EVENT_READ)

    def _next(self) -> None:
        if self._running is None and self._waiting:
            self._running = self._waiting.popleft()
            for stream in self._streams:
                stream.restart()
            self._to_worker(self._running)

    def _to_worker(self, frame: frames.Frame) -> None:
        assert self._control is not None
        try:
            self._control.sendall(frames.encode(frame))
        except ConnectionError:
            # It has died; SIGCHLD tells how.
            pass

    def _from_worker(self) -> None:
        assert self._control is not None
        try:
            data = self._control.recv(1 << 20)
        except ConnectionError:
            data = b""
        if not data:
            # Its end is told by SIGCHLD; until then there is nothing to read.
            self._selector.unregister(self._control)
            return
        for answer in self._answers.feed(data):
            self._answered(answer)

    def _answered(self, answer: frames.Frame) -> None:
        dropped = self._drain()
        if isinstance(answer, frames.Value):
            self._send(answer)
            return
        self._running = None
        if isinstance(answer, frames.Result | frames.Threw):
            self._send(answer._replace(dropped_log_lines=dropped))
        else:
            self._send(answer)
        self._next()

    def _drain(self) -> int:
        for stream in self._streams:
            self._log(stream, stream.drain())
        return sum(stream.dropped for stream in self._streams)

    def _log(self, stream: output.Stream, lines: bytes) -> None:
        # What threads print between calls is no call's.
        if lines and self._running is not None:
            self._send(frames.Log(self._running.call_id, stream.number, lines))

    def _reap(self) -> int | None:
        pid, status = os.waitpid(self._worker, os.WNOHANG)
        if pid == 0:
            return None
        self._worker = 0
        assert self._control is not None
        self._control.setblocking(False)
        try:
            # The answer of one that left right after it, for lack of memory.
            self._from_worker()
        except (BlockingIOError, KeyError):
            pass
        self._drain()
        return os.waitstatus_to_exitcode(status)

    def _kill(self) -> None:
        if self._worker:
            os.kill(self._worker, signal.SIGKILL)
        if os.getpgrp() == os.getpid():
            # What user code started goes too, and this process with it.
            os.killpg(0, signal.SIGKILL)

    def _send(self, frame: frames.Frame) -> None:
        self._agent.sendall(frames.encode(frame))


def _nothing(_signal: int, _frame: types.FrameType | None) -> None:
    """Lets the wake-up descriptor tell of it."""


def _work(control: socket.socket, cancelled: mmap.mmap, path: tuple[str, ...]) -> None:
    """Becomes the process of user code, and never returns."""
    status = frames.EXIT_RUNTIME_FAILED
    try:
        sys.path[:0] = path
        hide()
        # New ones: the old know the kind of file that they were opened on.
        sys.stdout = _lines(1)
        sys.stderr = _lines(2)
        vars(sys).update(__stdout__=sys.stdout, __stderr__=sys.stderr)
        worker_module.Worker(control, cancelled).run()
        status = 0
    except ConnectionError:
        status = 0
    except MemoryError:
        status = frames.EXIT_OUT_OF_MEMORY
    except BaseException as e:
        sys.stderr.write(f"the sandbox's runtime failed: {e!r}\n")
    finally:
        os._exit(status)


def _lines(fd: int) -> io.TextIOWrapper:
    return open(fd, "w", buffering=1, encoding="utf-8", errors="backslashreplace", closefd=False)


def hide() -> None:
    """Takes what is ours out of reach of ``import``, and leaves user code a main module."""
    for name in [each for each in sys.modules if each.startswith("_athanor_")]:
        del sys.modules[name]
    sys.modules["__main__"] = types.ModuleType("__main__")
    own = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [each for each in sys.path if os.path.abspath(each or ".") != own]
    sys.argv = [""]


def end_as(status: int) -> None:
    """Ends this process as the other did: with its status, or by its signal."""
    if status < 0:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        number = -status
        if number not in (signal.SIGKILL, signal.SIGSTOP):
            signal.signal(number, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, [number])
        os.kill(os.getpid(), number)
    os._exit(status if status >= 0 else frames.EXIT_RUNTIME_FAILED)
