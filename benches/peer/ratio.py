#!/usr/bin/env python3
"""From the rates of both servers to their ratio: prints it, and writes everything as JSON for the load program to judge.

A rates file has a line for each round: calls per second, and calls answered. What was answered must be on record.
"""

import argparse
import json
import pathlib
import statistics


def read(path: str) -> tuple[list[float], int]:
    """Rates of the rounds, and calls answered in all of them."""
    lines = [line.split() for line in pathlib.Path(path).read_text().splitlines()]
    return [float(rate) for rate, _ in lines], sum(int(answered) for _, answered in lines)


def side(rates: str, recorded: int) -> dict:
    """What is known of one server."""
    rounds, answered = read(rates)
    if recorded < answered:
        raise SystemExit(f"{answered} calls were answered and only {recorded} are on record")
    return {"per_second": statistics.median(rounds), "rounds": rounds, "answered": answered, "recorded": recorded}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--peer", required=True, help="name and version of the peer")
    parser.add_argument("--load", required=True, help="what both were given")
    for name in ("ours", "peers"):
        parser.add_argument(f"--{name}", required=True, help="rates file")
        parser.add_argument(f"--{name}-recorded", required=True, type=int, help="decisions on record")
    parser.add_argument("--output", required=True, help="where the JSON goes")
    arguments = parser.parse_args()

    ours, peers = side(arguments.ours, arguments.ours_recorded), side(arguments.peers, arguments.peers_recorded)
    ratio = ours["per_second"] / peers["per_second"]
    report = {"peer": arguments.peer, "load": arguments.load, "ratio": ratio, "ours": ours, "peers": peers}
    pathlib.Path(arguments.output).write_text(json.dumps(report, indent=2) + "\n")
    print(f"this service {ours['per_second']:.0f}, {arguments.peer} {peers['per_second']:.0f} calls per second: {ratio:.2f} times")
    for name, known in (("this service", ours), (arguments.peer, peers)):
        print(f"{name} has {known['recorded']} decisions on record, of which {known['answered']} were answered within the rounds")


if __name__ == "__main__":
    main()
