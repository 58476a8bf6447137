"""Verifies an evidence bundle without the program that wrote it. Written from docs/evidence.md alone.

    verify_bundle.py BUNDLE VERIFIER-KEY...

Exit code 0: intact. 3: something was changed, and the message names the first thing. 2: bad usage.
"""

import base64
import binascii
import hashlib
import json
import re
import sys
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

FIXED = {"README.txt", "checkpoint", "conditions.json", "records.ndjson", "manifest.json"}
CATALOGUE = re.compile(r"catalogues/(.*)\.json")
HEAD = re.compile(
    rb'\{"log_index":(0|[1-9][0-9]*),"kind":([12]),"leaf":"([A-Za-z0-9+/=]*)","proof":\[((?:"[A-Za-z0-9+/=]*"(?:,"[A-Za-z0-9+/=]*")*)?)\]$'
)
BEFORE_RECORD = b',"record":'
SIZE_MAX = 2**48
# What zipfile and json raise for bytes that are no bundle.
UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError, KeyError, TypeError)


class Tampered(Exception):
    """The bundle does not show what it should."""


class BadKey(Exception):
    """What was given as a verifier key is none."""


class Checkpoint(NamedTuple):
    """What a log had come to."""

    origin: str
    size: int
    root: bytes
    keys: list[str]


def verify(bundle: str | IO[bytes], verifier_keys: list[str]) -> tuple[Checkpoint, int]:
    """The checkpoint and the number of records, all of them in its log."""
    keys = dict(map(read_key, verifier_keys))
    try:
        with zipfile.ZipFile(bundle) as archive:
            return verify_archive(archive, keys)
    except FileNotFoundError:
        raise
    except UNREADABLE as error:
        raise Tampered(f"the bundle is damaged: {error!r}") from error


def verify_archive(archive: zipfile.ZipFile, keys: dict[tuple[str, bytes], Ed25519PublicKey]) -> tuple[Checkpoint, int]:
    names = archive.namelist()
    digests = [match[1] for match in map(CATALOGUE.fullmatch, names) if match]
    if len(set(names)) != len(names) or set(names) - FIXED != {f"catalogues/{digest}.json" for digest in digests}:
        raise Tampered(f"the files are not those of a bundle: {names}")
    if missing := FIXED - set(names):
        raise Tampered(f"missing from the bundle: {sorted(missing)}")
    manifest = json.loads(archive.read("manifest.json"))
    if manifest["format"] != 1:
        raise Tampered(f"this verifier knows bundles of format 1, not {manifest['format']}")
    checkpoint = open_checkpoint(archive.read("checkpoint"), keys)
    stated(manifest, "origin", checkpoint.origin)
    stated(manifest, "keys", checkpoint.keys)
    stated(manifest, "catalogues", digests)
    for digest in digests:
        if hashlib.sha256(archive.read(f"catalogues/{digest}.json")).hexdigest() != digest:
            raise Tampered(f"the catalogue {digest} was changed")
    with archive.open("records.ndjson") as lines:
        count = sum(1 for _ in records(lines, checkpoint))
    stated(manifest, "records", count)
    # Read for their checksums only.
    for name in ("README.txt", "conditions.json"):
        archive.read(name)
    return checkpoint, count


def records(lines: IO[bytes], checkpoint: Checkpoint) -> Iterator[tuple[int, bytes]]:
    """Log index and bytes of each record that is in the log."""
    last = -1
    for number, line in enumerate(lines, 1):
        head, found, rest = line.partition(BEFORE_RECORD)
        match = HEAD.match(head)
        if not match or not found or not rest.endswith(b"}\n"):
            raise Tampered(f"line {number} is not spelled as lines are")
        index, kind, record = int(match[1]), int(match[2]), rest[:-2]
        leaf = unbase64(match[3])
        proof = [unbase64(text.strip(b'"')) for text in match[4].split(b",")] if match[4] else []
        if not last < index < checkpoint.size:
            raise Tampered(f"record {index} (line {number}) is out of order or beyond the checkpoint")
        if leaf_hash(kind, record) != leaf:
            raise Tampered(f"record {index} (line {number}) was altered")
        if not leads_to(checkpoint.root, proof, leaf, index, checkpoint.size):
            raise Tampered(f"record {index} (line {number}) is not proven to be in the log")
        yield index, record
        last = index


def leaf_hash(kind: int, record: bytes) -> bytes:
    """Section 2."""
    entry = bytes([1, kind]) + hashlib.sha256(record).digest()
    return hashlib.sha256(b"\x00" + entry).digest()


def leads_to(root: bytes, proof: list[bytes], leaf: bytes, index: int, size: int) -> bool:
    """RFC 9162, section 2.1.3.2."""
    place, last, node = index, size - 1, leaf
    for hash in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            node = hashlib.sha256(b"\x01" + hash + node).digest()
            while not place & 1 and place != 0:
                place, last = place >> 1, last >> 1
        else:
            node = hashlib.sha256(b"\x01" + node + hash).digest()
        place, last = place >> 1, last >> 1
    return last == 0 and node == root


def open_checkpoint(note: bytes, keys: dict[tuple[str, bytes], Ed25519PublicKey]) -> Checkpoint:
    """Section 4."""
    text, found, signatures = note.rpartition(b"\n\n")
    if not found or not signatures.endswith(b"\n"):
        raise Tampered("the checkpoint is no signed note")
    text += b"\n"
    signed_by = set()
    names = []
    for line in signatures.decode().split("\n")[:-1]:
        parts = line.split(" ")
        if len(parts) != 3 or parts[0] != "—":
            raise Tampered("a signature line is not spelled as they are")
        signature = unbase64(parts[2].encode())
        names.append(f"{parts[1]}+{signature[:4].hex()}")
        key = keys.get((parts[1], signature[:4]))
        if key is None:
            continue
        try:
            key.verify(signature[4:], text)
        except InvalidSignature:
            raise Tampered(f"the signature of {names[-1]} is not over this checkpoint") from None
        signed_by.add(parts[1])
    origin, size, root, *extensions = text.decode().split("\n")[:-1]
    if not signed_by:
        raise Tampered(f"signed by {names}, none of which is trusted")
    if origin not in signed_by:
        raise Tampered("signed for another log")
    if not re.fullmatch("0|[1-9][0-9]*", size) or int(size) > SIZE_MAX or "" in extensions:
        raise Tampered("the checkpoint is not spelled as they are")
    return Checkpoint(origin, int(size), unbase64(root.encode()), names)


def read_key(text: str) -> tuple[tuple[str, bytes], Ed25519PublicKey]:
    """Name and hash of a verifier key, and what verifies."""
    try:
        name, hash, key = text.split("+", 2)
        key = base64.b64decode(key, validate=True)
        own = hashlib.sha256(name.encode() + b"\n" + key).digest()[:4]
        if key[0] != 1 or own.hex() != hash:
            raise ValueError("its hash is that of another key")
        return (name, own), Ed25519PublicKey.from_public_bytes(key[1:])
    except (ValueError, IndexError) as error:
        raise BadKey(f"{text} is no verifier key: {error}") from error


def unbase64(text: bytes) -> bytes:
    try:
        decoded = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise Tampered(f"{text.decode()} is not base64") from error
    if base64.b64encode(decoded) != text:
        raise Tampered(f"{text.decode()} is not spelled as base64 is")
    return decoded


def stated(manifest: dict, name: str, found: object) -> None:
    if manifest[name] != found:
        raise Tampered(f"the manifest gives {name} as {manifest[name]}, and the bundle has {found}")


def main(arguments: list[str]) -> int:
    if len(arguments) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        checkpoint, count = verify(arguments[0], arguments[1:])
    except Tampered as tampered:
        print(f"NOT INTACT: {tampered}")
        return 3
    except (BadKey, FileNotFoundError) as wrong:
        print(wrong, file=sys.stderr)
        return 2
    print(f"intact: {count} records, in {checkpoint.origin} at {checkpoint.size}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
