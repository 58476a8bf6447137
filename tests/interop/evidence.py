"""An evidence bundle is intact to a verifier written from its documentation, and any change to it is not."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

from tally import Tally, equal, holds
from verify_bundle import Tampered, verify

# What checks the golden bundle; tests/it/bundle.rs has it too.
KEY = "imaging.example.com/rights/decisions+21417477+AepKbGPinFIKvvVQexMuxfmVR3auvr57kkIe6mkURtIs"
# What is replaced in which file, and what the verifier has to say of it.
CHANGES = [
    ("records.ndjson", b"PERMITTED", b"permitted", "record 0 (line 1) was altered"),
    ("records.ndjson", b'"log_index":101', b'"log_index":102', "record 102 (line 3) is not proven"),
    ("records.ndjson", b'"log_index":299', b'"log_index":300', "record 300 (line 4) is out of order or beyond"),
    ("records.ndjson", b'"log_index":100', b'"log_index":0', "record 0 (line 2) is out of order"),
    ("records.ndjson", b'"kind":1', b'"kind":2', "record 0 (line 1) was altered"),
    ("checkpoint", b"\n300\n", b"\n301\n", "is not over this checkpoint"),
    ("checkpoint", b"\xe2\x80\x94 imaging", b"\xe2\x80\x94 another", "none of which is trusted"),
    ("manifest.json", b'"records": 4', b'"records": 5', "gives records as 5"),
]


def facts(path: Path, tally: Tally) -> None:
    """What holds of the bundle at `path`."""
    bundle = path.read_bytes()
    with tally.fact("the golden bundle is intact"):
        checkpoint, count = verify(io.BytesIO(bundle), [KEY])
        equal((checkpoint.size, count), (300, 4))
    for file, before, after, said in CHANGES:
        with tally.fact(f"a bundle with {after!r} in {file} is not intact"):
            changed = with_file(bundle, file, lambda text: replaced(text, before, after))
            says(changed, said)
    with tally.fact("a bundle with another catalogue is not intact"):
        catalogue = next(name for name in zipfile.ZipFile(io.BytesIO(bundle)).namelist() if "catalogues/" in name)
        says(with_file(bundle, catalogue, lambda text: text + b" "), "was changed")
    with tally.fact("whatever byte of the bundle is flipped, nothing else is believed"):
        for place in range(0, len(bundle), 3):
            flipped = bytearray(bundle)
            flipped[place] ^= 0x10
            try:
                equal(verify(io.BytesIO(bytes(flipped)), [KEY]), (checkpoint, count))
            except Tampered:
                pass


def says(bundle: bytes, text: str) -> None:
    """Fails unless the verifier finds the bundle tampered with, in these words."""
    try:
        verify(io.BytesIO(bundle), [KEY])
    except Tampered as tampered:
        holds(text in str(tampered), f"expected {text!r} in {str(tampered)!r}")
    else:
        raise AssertionError("it was taken for intact")


def with_file(bundle: bytes, file: str, change: Callable[[bytes], bytes]) -> bytes:
    """The bundle with one file changed and packed again, as a forger would."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(bundle)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, change(content) if name == file else content)
    return out.getvalue()


def replaced(text: bytes, before: bytes, after: bytes) -> bytes:
    """The text with the first `before` replaced; there must be one."""
    holds(before in text, f"{before!r} does not occur")
    return text.replace(before, after, 1)
