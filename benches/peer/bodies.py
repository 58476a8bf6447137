#!/usr/bin/env python3
"""Writes the bodies that h2load sends: one gRPC frame for each server, with the same facts.

    bodies.py FOLDER       writes FOLDER/ours.bin and FOLDER/peer.bin

Fields are numbered as in `proto/reimagerights/v1/` and in the peer's public protos.
"""

import pathlib
import struct
import sys

DEVICE = "PC-004711"
IMAGE = "corporate-07"
AGREEMENT = "S7012345"
NAME = "Windows 7 Professional"
LANGUAGE = "en-US"


def varint(number: int) -> bytes:
    """A number as protobuf writes it."""
    written = bytearray()
    while number > 0x7F:
        written.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes(written + bytes([number]))


def number(field: int, value: int) -> bytes:
    """A field that holds a number."""
    return varint(field << 3) + varint(value)


def block(field: int, *parts: bytes | str) -> bytes:
    """A field that holds a text or a message."""
    content = b"".join(part.encode() if isinstance(part, str) else part for part in parts)
    return varint(field << 3 | 2) + varint(len(content)) + content


def frame(message: bytes) -> bytes:
    """A message as gRPC sends it: not compressed, behind its length."""
    return struct.pack(">BI", 0, len(message)) + message


def ours() -> bytes:
    """The typical request, without a request id: h2load sends the same body again and again."""
    product = block(1, NAME) + block(5, LANGUAGE)
    license = block(2, product) + number(3, 1)
    device = block(1, DEVICE) + block(2, license)
    image = block(1, IMAGE) + block(3, number(1, 1)) + number(4, 1) + block(6, block(1, product))
    agreement = number(1, 1) + block(2, AGREEMENT)
    return block(3, device) + block(4, image) + block(5, agreement)


def value(content: object) -> bytes:
    """A `google.protobuf.Value`."""
    match content:
        case bool():
            return number(4, int(content))
        case int():
            return varint(2 << 3 | 1) + struct.pack("<d", content)
        case str():
            return block(3, content)
        case dict():
            return block(5, *(block(1, entry(key, inner)) for key, inner in content.items()))
        case list():
            return block(6, *(block(1, value(inner)) for inner in content))
    raise TypeError(content)


def entry(key: str, content: object) -> bytes:
    """An entry of a map from texts to values."""
    return block(1, key) + block(2, value(content))


def peer() -> bytes:
    """The same facts, names resolved beforehand, since the peer has no catalogue."""
    product = {"family": "Windows", "version": "7", "edition": "Professional", "language": LANGUAGE, "components": []}
    license = {**product, "channel": "OEM", "kind": "FULL", "prior_versions": [], "software_assurance": False}
    facts = {
        "product": product,
        "media": {"source": "VLSC_DOWNLOAD", "agreement_number": AGREEMENT},
        "deployment": "STANDARD_IMAGE",
        "performed_by": "ORGANIZATION",
        "agreement": {"program": "SELECT_PLUS", "number": AGREEMENT, "purchases": []},
    }
    principal = block(1, DEVICE) + block(3, "device") + block(4, entry("license", license))
    resource = block(1, "image") + block(3, IMAGE) + b"".join(block(4, entry(key, fact)) for key, fact in facts.items())
    return block(3, principal) + block(4, block(1, "reimage"), block(2, resource))


def main() -> None:
    folder = pathlib.Path(sys.argv[1])
    (folder / "ours.bin").write_bytes(frame(ours()))
    (folder / "peer.bin").write_bytes(frame(peer()))


if __name__ == "__main__":
    main()
