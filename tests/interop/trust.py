"""What a stranger meets who tries to get in: at a server that speaks TLS and knows its callers."""

import hashlib
import json
import subprocess
import time
from copy import deepcopy
from http.client import HTTPException
from pathlib import Path
from typing import Any

import grpc

from grpcurl import Grpcurl
from overhttp import Curl, Urllib
from refusal import Refusal
from refusals import GOOD
from schema import SERVICE
from server import Server, environment, free_port
from tally import Tally, equal, holds, refused

EXPIRED = "rr_expired-a-long-time-ago-and-never-given-to-anybody"
RELOAD_SECONDS_MAX = 30
# What breaks programs that put strings into paths, statements, shells, logs and pages.
METACHARACTERS = ["../../../etc/passwd", "'; DROP TABLE decision; --", '" OR 1=1', "$(id) `id` ${jndi:ldap://x}", "%s%n%x", "<script>", "a\u202eb", "\\"]


class Place:
    """A server with certificates, tokens and the program's own client."""

    def __init__(self, binary: Path, folder: Path, root: Path) -> None:
        self.folder, self._binary = folder, binary
        self.ca = make_certificate(root, folder)
        self.access = folder / "access.toml"
        self.tokens = {role: self.create(role, role) for role in ["checker", "auditor", "operator"]}
        with self.access.open("a") as access:
            digest = hashlib.sha256(EXPIRED.encode()).hexdigest()
            access.write(f'\n[[token]]\nname = "old"\nsha256 = "{digest}"\nroles = ["operator"]\nexpires = 2020-01-01T00:00:00Z\n')
        tls = folder / "compose" / "tls"
        port = free_port()
        self.http = f"https://localhost:{port}"
        options = ["--tls-certificate-file", tls / "certificate.pem", "--tls-key-file", tls / "key.pem", "--access-file", self.access]
        options += ["--http-listen", f"127.0.0.1:{port}"]
        self.server = Server(binary, folder, options=options, ca=self.ca)

    def run(self, *arguments: str | Path, text: str | None = None) -> subprocess.CompletedProcess[str]:
        """Runs the program's own client."""
        return subprocess.run(
            [self._binary, *arguments], input=text, capture_output=True, text=True, timeout=60, cwd=self.folder, env=environment(self.folder)
        )

    def create(self, name: str, role: str) -> str:
        """A new token."""
        created = self.run("token", "create", name, "--role", role, "--access-file", self.access)
        equal(created.returncode, 0, context=created.stderr)
        return created.stdout.strip()

    def client(self, token: str | None) -> Grpcurl:
        """grpcurl that shows a token."""
        shown = ("-H", f"authorization: Bearer {token}") if token else ()
        return Grpcurl(self.server.address, ("-cacert", self.ca, "-protoset", self.folder / "schema", *shown))


def make_certificate(root: Path, folder: Path) -> Path:
    """A certificate made by the script that is there for it, on a copy, since it writes beside itself."""
    script = folder / "compose" / "make-certificate"
    script.parent.mkdir()
    script.write_bytes((root / "deploy/compose/make-certificate").read_bytes())
    script.chmod(0o755)
    subprocess.run([script, "localhost"], check=True, capture_output=True)
    return folder / "compose" / "tls" / "ca.pem"


def facts(binary: Path, folder: Path, root: Path, tally: Tally) -> None:
    """Everything that a stranger may try, and what those may do who are known."""
    place = Place(binary, folder, root)
    with place.server as server:
        server.start()
        learn_schema(place)
        stranger_facts(place, tally)
        role_facts(place, tally)
        http_facts(place, tally)
        string_facts(place, tally)
        transport_facts(place, tally)
        command_line_facts(place, tally)
        revocation_facts(place, tally)
        with tally.fact("denials are logged with their reason, and no token is"):
            log = server.log()
            holds("an unknown token" in log and "the token of `old` has expired" in log, log)
            holds(not any(token in log for token in [*place.tokens.values(), EXPIRED]), "a token is in the log")
        with tally.fact("SIGTERM ends a server with TLS in good order"):
            equal(server.terminate(), 0)


def learn_schema(place: Place) -> None:
    """Keeps the schema in a file: those who may not ask for it are to be refused for what they call."""
    operator = ("-cacert", place.ca, "-H", f"authorization: Bearer {place.tokens['operator']}", "-protoset-out", place.folder / "schema")
    Grpcurl(place.server.address, operator).describe(SERVICE)


def stranger_facts(place: Place, tally: Tally) -> None:
    """Nobody learns more than that they are not known."""
    with tally.fact("an expired token, an unknown one and none are refused in the same words"):
        refusals = [refused("UNAUTHENTICATED", place.client(token).call, "Check", GOOD) for token in [None, "rr_unknown", EXPIRED, "a.b.c"]]
        equal(len({refusal.message for refusal in refusals}), 1)
    with tally.fact("a stranger is told the health, and not the schema"):
        probe = place.run("health", "--server", f"https://{place.server.address}", "--server-ca-file", place.ca)
        equal((probe.returncode, probe.stdout), (0, "serving\n"), context=probe.stderr)
        try:
            Grpcurl(place.server.address, ("-cacert", place.ca)).services()
        except ValueError as refusal:
            holds("Unauthenticated" in str(refusal) or "who calls is not known" in str(refusal), str(refusal))
        else:
            raise AssertionError("the schema was told")


def role_facts(place: Place, tally: Tally) -> None:
    """Each role may do its own."""
    checker, auditor = place.client(place.tokens["checker"]), place.client(place.tokens["auditor"])
    with tally.fact("a checker checks, under its name, and a replayed request is answered with what is recorded"):
        request = deepcopy(GOOD) | {"requestId": "replayed"}
        decision = checker.call("Check", request)["decision"]
        equal(decision["caller"], "checker")
        equal(checker.call("Check", request)["decision"], decision)
        equal(refused("ALREADY_EXISTS", checker.call, "Check", request | {"labels": {"a": "b"}}).code, "ALREADY_EXISTS")
    with tally.fact("a checker reads no history, and an auditor does not check"):
        refusals = [refused("PERMISSION_DENIED", checker.call, "History", {}), refused("PERMISSION_DENIED", auditor.call, "Check", GOOD)]
        told = ["History takes the role auditor or operator; `checker` has checker", "Check takes the role checker or operator; `auditor` has auditor"]
        equal([refusal.message for refusal in refusals], told)
        equal(len(auditor.call("History", {})["decisions"]), 1)


def http_facts(place: Place, tally: Tally) -> None:
    """Over HTTP it is the same door."""
    for client in [Curl, Urllib]:
        known = {role: client(place.http, place.ca, token) for role, token in place.tokens.items()}
        with tally.fact(f"{client.name}: a stranger is refused, a checker decides, an auditor reads, and neither does what is the other's"):
            refused("UNAUTHENTICATED", client(place.http, place.ca).call, "Check", GOOD)
            refused("UNAUTHENTICATED", client(place.http, place.ca, EXPIRED).ask, "/v1/openapi.json")
            request = deepcopy(GOOD) | {"requestId": "replayed"}
            decision = known["checker"].call("Check", request)["decision"]
            equal(decision, place.client(place.tokens["checker"]).call("Check", request)["decision"])
            refused("PERMISSION_DENIED", known["checker"].call, "History", {})
            refused("PERMISSION_DENIED", known["auditor"].call, "Check", GOOD)
            equal(known["auditor"].call("History", {"requestId": "replayed"})["decisions"], [decision])
        with tally.fact(f"{client.name}: who trusts other authorities, or none, sends nothing"):
            for other in [client(place.http), client(place.http.replace("https", "http"), place.ca)]:
                try:
                    other.call("Check", GOOD)
                except (ValueError, OSError, HTTPException):
                    continue
                raise AssertionError("was answered")


def string_facts(place: Place, tally: Tally) -> None:
    """Strings are data, whatever is in them."""
    checker, auditor = place.client(place.tokens["checker"]), place.client(place.tokens["auditor"])
    for number, nasty in enumerate(METACHARACTERS):
        with tally.fact(f"{nasty!r} in every string of a request is kept as it is, and found again"):
            request = deepcopy(GOOD)
            request |= {"requestId": nasty, "labels": {"site": nasty}}
            request["device"]["id"] = nasty
            request["device"]["licenses"][0] |= {"id": nasty, "evidence": nasty}
            request["image"] |= {"id": nasty, "digest": nasty}
            request["agreement"]["number"] = f"S70{number}"
            try:
                decision = checker.call("Check", request)["decision"]
            except Refusal as refusal:
                # Refused by path is as good as kept.
                holds(refusal.code == "INVALID_ARGUMENT" and bool(refusal.violations), refusal.message)
                continue
            equal(decision["request"]["device"]["id"], nasty)
            found = auditor.call("History", {"deviceId": nasty, "label": {"key": "site", "value": nasty}})["decisions"]
            equal([one["decisionId"] for one in found], [decision["decisionId"]])
        with tally.fact(f"{nasty!r} as a product, a decision id, a page token or a condition is refused by path"):
            request = deepcopy(GOOD)
            request["image"]["products"][0]["product"] = {"name": nasty}
            refused("INVALID_ARGUMENT", checker.call, "Check", request)
            refused("INVALID_ARGUMENT", auditor.call, "GetDecision", {"decisionId": nasty})
            refused("INVALID_ARGUMENT", auditor.call, "History", {"pageToken": nasty})
            refused("INVALID_ARGUMENT", auditor.call, "History", {"condition": nasty})


def transport_facts(place: Place, tally: Tally) -> None:
    """What is wrong with the connection ends before a call."""
    with tally.fact("a client that trusts other authorities, or none, sends nothing"):
        for trust in [(), ("-plaintext",)]:
            try:
                Grpcurl(place.server.address, (*trust, "-protoset", place.folder / "schema")).call("Check", GOOD)
            except ValueError as failure:
                holds("certificate" in str(failure) or "dial" in str(failure) or "connection" in str(failure), str(failure))
            else:
                raise AssertionError(f"answered with {trust}")
    with tally.fact("what is compressed is refused, so that nothing small becomes large"):
        with place.server.channel([], compression=grpc.Compression.Gzip) as channel:
            call = channel.unary_unary(f"/{SERVICE}/Check")
            shown = [("authorization", f"Bearer {place.tokens['checker']}")]
            try:
                call(b"\x0a\x64" + b"x" * 100, timeout=30, metadata=shown)
            except grpc.RpcError as error:
                equal(error.code(), grpc.StatusCode.UNIMPLEMENTED)
            else:
                raise AssertionError("a compressed message was read")


def command_line_facts(place: Place, tally: Tally) -> None:
    """The program's own client shows tokens and believes authorities."""
    token = place.folder / "token"
    token.write_text(place.tokens["operator"] + "\n")
    asked: list[str | Path] = ["--server", f"https://{place.server.address}", "--server-ca-file", place.ca]
    request = json.dumps(GOOD)
    with tally.fact("the command line checks over TLS with a token in a file"):
        checked = place.run("check", "-", "--json", *asked, "--token-file", token, text=request)
        equal((checked.returncode, json.loads(checked.stdout)["decision"]["caller"]), (0, "operator"), context=checked.stderr)
    with tally.fact("without a token it says what is missing, and without the authority why it does not believe the server"):
        checked = place.run("check", "-", *asked, text=request)
        holds(checked.returncode == 1 and "show a token" in checked.stderr, checked.stderr)
        checked = place.run("check", "-", *asked[:2], "--token-file", token, text=request)
        holds(checked.returncode == 1 and "ertificate" in checked.stderr, checked.stderr)
    with tally.fact("a token never goes to another machine for all to see"):
        checked = place.run("check", "-", "--server", "http://192.0.2.1:50051", "--token-file", token, text=request)
        holds(checked.returncode == 2 and "https" in checked.stderr, checked.stderr)
        holds(place.tokens["operator"] not in checked.stderr, "the token is shown")


def revocation_facts(place: Place, tally: Tally) -> None:
    """A token that is taken back stops working while the server runs."""
    with tally.fact("a revoked token stops working within moments, and is not in the list any more"):
        place.create("gone", "checker")
        token = place.create("gone", "checker")
        until(lambda: place.client(token).call("Check", GOOD))
        revoked = place.run("token", "revoke", "gone", "--access-file", place.access)
        holds(revoked.returncode == 0 and "took 2" in revoked.stderr, revoked.stderr)
        until(lambda: refused("UNAUTHENTICATED", place.client(token).call, "Check", GOOD))
        listed = place.run("token", "list", "--access-file", place.access).stdout
        holds("checker" in listed and "gone" not in listed and "(expired)" in listed, listed)


def until(call: Any) -> None:
    """Tries again until a call does what it shall: files are read again within moments."""
    deadline = time.monotonic() + RELOAD_SECONDS_MAX
    while True:
        try:
            call()
            return
        except (AssertionError, Refusal):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
