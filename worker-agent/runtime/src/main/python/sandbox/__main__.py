"""The process of a sandbox: ``python -I sandbox <socket path>``.

The one argument is the path of the socket on which the agent listens; when that closes, the process
ends, whatever user code is doing. Standard library only; user code can import none of it.
"""

from __future__ import annotations

import os
import socket
import sys

import _athanor_frames as frames
import _athanor_supervisor as supervisor

EXIT_USAGE = 64


def main() -> int:
    if len(sys.argv) != 2:
        sys.stderr.write("usage: python -I sandbox <socket path>\n")
        return EXIT_USAGE
    try:
        # Imported before the fork, so that no call waits for it; absent, the first call says so.
        import cloudpickle  # noqa: F401, PLC0415
    except ImportError:
        pass
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    try:
        with socket.socket(socket.AF_UNIX) as agent:
            agent.connect(sys.argv[1])
            return supervisor.Supervisor(agent).run()
    except ConnectionError:
        # The agent is gone, and with it everyone who could be told.
        return 0
    except Exception as e:
        sys.stderr.write(f"the sandbox's runtime failed: {e!r}\n")
        return frames.EXIT_RUNTIME_FAILED


if __name__ == "__main__":
    supervisor.end_as(main())
