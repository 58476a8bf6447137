"""Requests that must not be answered with a verdict."""

from copy import deepcopy
from pathlib import Path
from typing import Any

from tally import Tally, equal, holds, refused

KEY = "BCDFG-HJKMP-QRTVW-XY234-6789B"
MESSAGE_BYTES_MAX = 4 * 1024 * 1024

GOOD = {
    "device": {
        "id": "device-refused",
        "licenses": [{"product": {"name": "Windows 7 Professional", "language": "en-US"}, "channel": "CHANNEL_OEM"}],
    },
    "image": {
        "media": {"source": "MEDIA_SOURCE_VLSC_DOWNLOAD"},
        "deployment": "DEPLOYMENT_STANDARD_IMAGE",
        "products": [{"product": {"name": "Windows 7 Professional", "language": "en-US"}}],
    },
    "agreement": {"program": "PROGRAM_SELECT_PLUS", "number": "S7012345"},
}


def facts(client, tally: Tally, sends_any_number: bool = True) -> None:
    """Every refusal through one client; `sends_any_number`: also one that no value of an enum has, which JSON has no room for."""
    violation_facts(client, tally, sends_any_number)
    key_facts(client, tally)
    size_facts(client, tally)
    unknown_field_facts(client, tally)


def violation_facts(client, tally: Tally, sends_any_number: bool) -> None:
    """A request with many faults learns of all of them at once."""
    request = deepcopy(GOOD)
    request["edition"] = "1999-01"
    request["device"]["id"] = "x" * 257
    request["device"]["unlicensed"] = True
    request["device"]["licenses"][0]["product"]["language"] = "not a language"
    request["image"]["products"][0]["product"]["name"] = "Windows 7 Profesional"
    places = {"edition", "device.id", "device.unlicensed", "device.licenses[0].product.language", "image.products[0].product.name"}
    if sends_any_number:
        request["device"]["licenses"][0]["channel"] = 99
        places.add("device.licenses[0].channel")
    with tally.fact(f"{client.name}: the refusal of a request with {len(places)} faults names all of them, and the nearest product"):
        refusal = refused("INVALID_ARGUMENT", client.call, "Check", request)
        equal(set(refusal.violations), places)
        nearest = refusal.violations["image.products[0].product.name"]
        holds("Windows 7 Professional" in nearest, nearest)


def key_facts(client, tally: Tally) -> None:
    """Something like a product key is refused wherever free text may stand, and not repeated."""
    places: dict[str, dict[str, Any]] = {name: deepcopy(GOOD) for name in ["device.id", "evidence", "a label", "request_id"]}
    places["device.id"]["device"]["id"] = KEY
    places["evidence"]["device"]["licenses"][0]["evidence"] = f"sticker says {KEY.lower()}, photographed"
    places["a label"]["labels"] = {"note": KEY}
    places["request_id"]["requestId"] = KEY
    for place, request in places.items():
        with tally.fact(f"{client.name}: a product key in {place} is refused by path, and not repeated"):
            refusal = refused("INVALID_ARGUMENT", client.call, "Check", request)
            equal(len(refusal.violations), 1, context=refusal.message)
            holds(KEY.lower() not in refusal.seen.lower(), "the key is repeated")


def size_facts(client, tally: Tally) -> None:
    """A message over the limit is refused as such; one below it is read, and refused for what is in it."""
    request = deepcopy(GOOD)
    request["device"]["licenses"][0]["evidence"] = "x" * MESSAGE_BYTES_MAX
    with tally.fact(f"{client.name}: a message over 4 MiB is refused"):
        refused("OUT_OF_RANGE", client.call, "Check", request)
    request["device"]["licenses"][0]["evidence"] = "x" * (MESSAGE_BYTES_MAX - 1024)
    with tally.fact(f"{client.name}: a message just under 4 MiB is read, and over-long text in it named"):
        refusal = refused("INVALID_ARGUMENT", client.call, "Check", request)
        equal(set(refusal.violations), {"device.licenses[0].evidence"})


def unknown_field_facts(client, tally: Tally) -> None:
    """A misspelled field never becomes a request: the schema the client learned does not have it."""
    with tally.fact(f"{client.name}: a field that the schema does not have is refused by name"):
        try:
            client.call("Check", GOOD | {"divice": {}})
        except Exception as refusal:
            holds("divice" in str(refusal), str(refusal))
        else:
            raise AssertionError("was sent")


def left_no_trace_of_the_key(folder: Path, tally: Tally) -> None:
    """Nothing the server wrote, database and log, holds the key."""
    with tally.fact("no file of the server holds a refused product key"):
        files = [file for file in folder.rglob("*") if file.is_file()]
        holds({"decisions.db", "server.log"} <= {file.name for file in files}, f"only {files}")
        for file in files:
            holds(KEY.lower().encode() not in file.read_bytes().lower(), f"{file.name} holds it")
