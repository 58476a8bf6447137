"""An error status as a caller sees it, the same from both clients."""

from dataclasses import dataclass


@dataclass
class Refusal(Exception):
    """A call that ended with a status other than OK."""

    code: str
    """Name of the gRPC code, e.g. "INVALID_ARGUMENT"."""
    message: str
    violations: dict[str, str]
    """From google.rpc.BadRequest: path of the field to what would be right."""
    seen: str
    """Everything the client was shown, as text."""

    def __str__(self) -> str:
        return f"{self.code}: {self.message} {self.violations}"
