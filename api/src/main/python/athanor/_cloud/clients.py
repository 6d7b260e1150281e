"""The dispatchers that this program asks."""

from __future__ import annotations

import os
import threading

from athanor._cloud.client import Client
from athanor._credentials import CloudKeyCredentials

_DEFAULT_URL = "http://localhost:8700"


class Clients:
    """One client for each address and key. For any number of threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._clients: dict[tuple[str, CloudKeyCredentials | None], Client] = {}
        os.register_at_fork(after_in_child=self._forked)

    def of(self, credentials: CloudKeyCredentials | None) -> Client:
        """Returns that of the address and, where none is given, the key of the environment."""
        url = os.environ.get("ATHANOR_DISPATCHER_URL") or _DEFAULT_URL
        key_id = os.environ.get("ATHANOR_KEY_ID")
        if credentials is None and key_id:
            credentials = CloudKeyCredentials(key_id, os.environ.get("ATHANOR_KEY_SECRET", ""))
        with self._lock:
            if (url, credentials) not in self._clients:
                self._clients[url, credentials] = Client(url, credentials)
            return self._clients[url, credentials]

    def _forked(self) -> None:
        # Connections are the parent's, and so may be whoever holds the lock.
        self._lock = threading.Lock()
        self._clients = {}


clients = Clients()
