"""The server under test: the real program, a fresh database, a free port."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc

START_SECONDS_MAX = 60
STOP_SECONDS_MAX = 15


class Server:
    """Runs while the `with` block does."""

    def __init__(self, binary: Path, folder: Path) -> None:
        self.folder = folder
        self.address = f"127.0.0.1:{free_port()}"
        self._command = [binary, "serve", "--listen", self.address, "--database", folder / "decisions.db"]
        self._log = folder / "server.log"
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Server":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._process and self._process.poll() is None:
            self._process.kill()
            self._process.wait()

    def start(self) -> None:
        """Starts the program and returns once its health service says SERVING."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.folder, env=self._environment()
            )
        with grpc.insecure_channel(self.address, options=[("grpc.initial_reconnect_backoff_ms", 50)]) as channel:
            health = health_pb2_grpc.HealthStub(channel)
            try:
                answer = health.Check(health_pb2.HealthCheckRequest(), timeout=START_SECONDS_MAX, wait_for_ready=True)
            except grpc.RpcError as error:
                sys.exit(f"the server does not come up: {error.details()}\n{self.log()}")
        if answer.status != health_pb2.HealthCheckResponse.SERVING:
            sys.exit(f"the server came up without serving: {answer}\n{self.log()}")

    def terminate(self) -> int:
        """Sends SIGTERM and gives the exit code; raises where the end takes longer than it may."""
        self._process.send_signal(signal.SIGTERM)
        return self._process.wait(STOP_SECONDS_MAX)

    def log(self) -> str:
        """What the program printed so far."""
        return self._log.read_text(errors="replace")

    def _environment(self) -> dict[str, str]:
        """The caller's, without its settings for the program and without its home."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("REIMAGE_RIGHTS_", "XDG_"))}
        return kept | {"HOME": str(self.folder)}


def free_port() -> int:
    """A port of the loopback interface that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
