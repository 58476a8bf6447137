"""The server under test: the real program on a free port, with what it writes in a folder of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc

START_SECONDS_MAX = 60
STOP_SECONDS_MAX = 15


class Server:
    """A server that, once started, does not outlive the `with` block."""

    def __init__(
        self,
        binary: Path,
        folder: Path,
        database: str | None = "decisions.db",
        options: list[str | Path] | None = None,
        ca: Path | None = None,
    ) -> None:
        """Where `database` is None, the program is left to its default, which is in its home: `folder`. Where there is an authority `ca`,
        the server speaks TLS with a certificate of it."""
        self.folder = folder
        self.port = free_port()
        self.address = f"localhost:{self.port}" if ca else f"127.0.0.1:{self.port}"
        self.ca = ca
        kept = ["--database", folder / database] if database else []
        self._command = [binary, "serve", "--listen", f"127.0.0.1:{self.port}", *kept, *(options or [])]
        self._log = folder / "server.log"
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *_: object) -> None:
        if self._process and self._process.poll() is None:
            self._process.kill()
            self._process.wait()

    def start(self) -> None:
        """Starts the program and returns once its health service says SERVING."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.folder, env=environment(self.folder)
            )
        health = self._first_health()
        if health != health_pb2.HealthCheckResponse.SERVING:
            sys.exit(f"the server does not come up: health {health}, exit code {self._process.poll()}\n{self.log()}")

    def _first_health(self) -> int | None:
        """What the health service says first; None where the program ends, or says nothing in time."""
        deadline = time.monotonic() + START_SECONDS_MAX
        with self.channel([("grpc.initial_reconnect_backoff_ms", 50)]) as channel:
            health = health_pb2_grpc.HealthStub(channel)
            while self._process.poll() is None and time.monotonic() < deadline:
                try:
                    return health.Check(health_pb2.HealthCheckRequest(), timeout=1, wait_for_ready=True).status
                except grpc.RpcError:
                    continue
        return None

    def channel(self, options: list[tuple[str, object]], **more: object) -> grpc.Channel:
        """A connection to it, encrypted where it speaks TLS."""
        if self.ca is None:
            return grpc.insecure_channel(self.address, options=options, **more)
        credentials = grpc.ssl_channel_credentials(self.ca.read_bytes())
        return grpc.secure_channel(self.address, credentials, options=options, **more)

    def terminate(self) -> int:
        """Sends SIGTERM and gives the exit code; raises where the end takes longer than it may."""
        self._process.send_signal(signal.SIGTERM)
        return self._process.wait(STOP_SECONDS_MAX)

    def log(self) -> str:
        """What the program printed so far."""
        return self._log.read_text(errors="replace")


def environment(home: Path) -> dict[str, str]:
    """The caller's, without its settings for the program, and with another home."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("REIMAGE_RIGHTS_", "XDG_"))}
    return kept | {"HOME": str(home)}


def free_port() -> int:
    """A port of the loopback interface that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
