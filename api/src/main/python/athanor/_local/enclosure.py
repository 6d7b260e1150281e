"""What a sandbox sees of this machine."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

from athanor._machine_types import MachineType

SANDBOX_USER = 10_001
RUNTIME = Path(__file__).resolve().parent.parent / "_sandbox"
_OWN = Path("/athanor")
_PROBE_SECONDS = 30.0

# Links into /usr, or folders of their own on older systems.
_BESIDE_USR = ("/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
# What programs read of this machine's settings; nothing in there is secret.
_SETTINGS = (
    "/etc/alternatives",
    "/etc/ca-certificates",
    "/etc/ca-certificates.conf",
    "/etc/crypto-policies",
    "/etc/fonts",
    "/etc/gai.conf",
    "/etc/hosts",
    "/etc/ld.so.cache",
    "/etc/ld.so.conf",
    "/etc/ld.so.conf.d",
    "/etc/localtime",
    "/etc/mime.types",
    "/etc/nsswitch.conf",
    "/etc/pki/ca-trust",
    "/etc/pki/tls/certs",
    "/etc/protocols",
    "/etc/resolv.conf",
    "/etc/services",
    "/etc/ssl/certs",
    "/etc/ssl/openssl.cnf",
    "/etc/timezone",
)
_LIMIT = 'ulimit -c 0; ulimit -n 16384 2>/dev/null; exec "$@"'


class Room(NamedTuple):
    """How a sandbox is started: its command, and the environment variables that it gets.

    ``tells_signals`` says that the command ends with 128 and the number of the signal that ended
    the sandbox, as shells do.
    """

    command: list[str]
    variables: dict[str, str]
    tells_signals: bool


class Enclosure(Protocol):
    """One way of keeping sandboxes from the rest of the machine."""

    def room(self, environment: Path, socket: Path, work: Path, kind: MachineType) -> Room:
        """Returns how to start one that has this environment and connects to this socket."""


class Bare:
    """A process of its own, as this user, that sees what this user sees."""

    def __init__(self, data: Path) -> None:
        self._data = data

    def room(self, environment: Path, socket: Path, work: Path, kind: MachineType) -> Room:
        self._data.mkdir(parents=True, exist_ok=True)
        command = [str(environment / "bin" / "python"), "-I", str(RUNTIME), str(socket)]
        variables = _variables(environment, str(work), str(self._data))
        return Room(command, variables, tells_signals=False)


class Bubblewrap:
    """Namespaces of its own, no capabilities, and of this machine's files programs and libraries.

    The network is this machine's. As root, sandboxes run as another user.
    """

    def __init__(self, data: Path, files: Path) -> None:
        self._data = data
        self._passwd = files / "passwd"
        self._group = files / "group"
        files.mkdir(parents=True, exist_ok=True)
        _write(self._passwd, f"sandbox:x:{SANDBOX_USER}:{SANDBOX_USER}::/tmp:/bin/sh\n")
        _write(self._group, f"sandbox:x:{SANDBOX_USER}:\n")

    @staticmethod
    def refusal() -> str:
        """Says why it does not work here; '' where it does."""
        if shutil.which("bwrap") is None:
            return "bwrap is not installed: apt-get install bubblewrap"
        if os.geteuid() == 0 and shutil.which("setpriv") is None:
            return "setpriv is not installed: apt-get install util-linux"
        # Older versions lack some of these.
        rest = ["--proc", "/proc", "--dev", "/dev", "--size", "65536", "--tmpfs", "/tmp"]
        command = [*_namespaces(), *_system(), *rest, *_user(), "/bin/true"]
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, timeout=_PROBE_SECONDS, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as e:
            return f"bwrap does not work here: {e}"
        if done.returncode != 0:
            return f"bwrap does not work here: {done.stderr.strip()}"
        return ""

    def room(self, environment: Path, socket: Path, work: Path, kind: MachineType) -> Room:
        self._data.mkdir(parents=True, exist_ok=True)
        if os.geteuid() == 0:
            give(self._data)
            socket.chmod(0o666)
        places = _Places()
        places.add("--size", str(kind.memory // 4), "--perms", "1777", "--tmpfs", "/dev/shm")
        places.add("--remount-ro", "/dev")
        places.add("--size", str(kind.memory // 2), "--perms", "1777", "--tmpfs", "/tmp")
        places.bind("--ro-bind", self._passwd, Path("/etc/passwd"))
        places.bind("--ro-bind", self._group, Path("/etc/group"))
        for prefix in _interpreter(environment):
            places.bind("--ro-bind", prefix, prefix)
        places.bind("--ro-bind", environment, environment)
        places.bind("--ro-bind", RUNTIME, _OWN / "sandbox")
        places.bind("--bind", socket, _OWN / "socket")
        places.bind("--bind", self._data, Path("/data"))
        if kind.gpus:
            for device in (*Path("/dev").glob("nvidia*"), Path("/dev/dri")):
                places.add("--dev-bind-try", str(device), str(device))
        python = str(environment / "bin" / "python")
        command = [
            "/bin/sh",
            "-c",
            _LIMIT,
            "athanor",
            *_namespaces(),
            *_system(),
            "--proc",
            "/proc",
            "--dev",
            "/dev",
            *places.arguments,
            "--remount-ro",
            "/",
            "--chdir",
            "/tmp",
            *_user(),
            python,
            "-I",
            str(_OWN / "sandbox"),
            str(_OWN / "socket"),
        ]
        return Room(command, _variables(environment, "/tmp", "/data"), tells_signals=True)


class _Places:
    """Arguments that put something somewhere, with the folders above it open to all."""

    def __init__(self) -> None:
        self.arguments: list[str] = []
        self._folders = {Path("/"), Path("/tmp"), Path("/etc"), Path("/usr"), Path("/dev")}

    def add(self, *arguments: str) -> None:
        self.arguments += arguments

    def bind(self, how: str, path: Path, seen: Path) -> None:
        for folder in reversed(seen.parents):
            if folder not in self._folders:
                self._folders.add(folder)
                self.add("--perms", "0755", "--dir", str(folder))
        self.add(how, str(path), str(seen))


def _namespaces() -> list[str]:
    return [
        "bwrap",
        "--unshare-pid",
        "--unshare-ipc",
        "--unshare-uts",
        "--unshare-cgroup-try",
        "--hostname",
        "sandbox",
        "--die-with-parent",
        "--new-session",
        "--cap-drop",
        "ALL",
    ]


def _system() -> list[str]:
    arguments = ["--ro-bind", "/usr", "/usr", "--perms", "0755", "--dir", "/etc"]
    for name in _BESIDE_USR:
        if os.path.islink(name):
            arguments += ["--symlink", os.readlink(name), name]
        elif os.path.isdir(name):
            arguments += ["--ro-bind", name, name]
    for name in _SETTINGS:
        if os.path.exists(name):
            arguments += ["--ro-bind", name, name]
    return arguments


def _user() -> list[str]:
    number = str(SANDBOX_USER)
    if os.geteuid() != 0:
        return ["--unshare-user", "--uid", number, "--gid", number, "--"]
    # Without a user namespace: one would make it root to the kernel's own files.
    rights = ("CAP_SETUID", "CAP_SETGID", "CAP_SETPCAP")
    return [
        *(word for right in rights for word in ("--cap-add", right)),
        "--",
        "setpriv",
        f"--reuid={number}",
        f"--regid={number}",
        "--clear-groups",
        "--bounding-set=-all",
        "--inh-caps=-all",
        "--ambient-caps=-all",
        "--no-new-privs",
        "--",
    ]


def _interpreter(environment: Path) -> Sequence[Path]:
    """Returns the folders of the interpreter that are not below /usr, where all is seen anyway."""
    python = environment / "bin" / "python"
    found: list[Path] = []
    while python.is_symlink():
        python = Path(os.path.normpath(python.parent / os.readlink(python)))
        prefix = python.parent.parent
        inside = (environment, Path("/usr"), *found)
        if not any(prefix.is_relative_to(each) for each in inside) and prefix != Path("/"):
            found.append(prefix)
    real = python.resolve().parent.parent
    if not any(real.is_relative_to(each) for each in (Path("/usr"), *found)):
        found.append(real)
    return found


def _variables(environment: Path, home: str, data: str) -> dict[str, str]:
    kept = {
        name: os.environ[name]
        for name in ("LANG", "LC_ALL", "LC_CTYPE", "TZ")
        if name in os.environ
    }
    return {
        "LANG": "C.UTF-8",
        **kept,
        "PATH": f"{environment}/bin:/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin",
        "HOME": home,
        "TMPDIR": home,
        "VIRTUAL_ENV": str(environment),
        "ATHANOR_DATA": data,
    }


def give(folder: Path) -> None:
    """Gives the sandboxes' user a folder with all that is in there, unless it has it already."""
    if folder.lstat().st_uid == SANDBOX_USER:
        return
    for place, folders, files in os.walk(folder, topdown=False):
        for name in (*folders, *files):
            os.lchown(os.path.join(place, name), SANDBOX_USER, SANDBOX_USER)
    # The folder itself comes last: until then it is done again.
    os.lchown(folder, SANDBOX_USER, SANDBOX_USER)


def _write(file: Path, text: str) -> None:
    """Other processes may be reading it."""
    if file.exists() and file.read_text() == text:
        return
    with tempfile.NamedTemporaryFile("w", dir=file.parent, delete=False) as written:
        written.write(text)
    os.chmod(written.name, 0o644)
    os.replace(written.name, file)
