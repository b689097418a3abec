"""Turns the lines of JSON of `ops/bench/gpu` into a table, on the standard output: seconds of whole runs, the fastest of all rounds."""

import argparse
import json

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("lines")
parser.add_argument("--gpu", required=True)
parser.add_argument("--commit", required=True)
chosen = parser.parse_args()

fastest = {}
with open(chosen.lines) as file:
    for line in map(json.loads, file):
        key = line["mesh"], line["what"], line["peer"]
        if key not in fastest or line["seconds"] < fastest[key]["seconds"]:
            fastest[key] = line

peers = sorted({peer for _, _, peer in fastest}, key=lambda peer: (peer != "Halocline", peer))
steps = {line["steps"] for line in fastest.values()}
print(
    f"One {chosen.gpu}; Halocline at {chosen.commit}; {'/'.join(map(str, sorted(steps)))} steps; seconds, beside Halocline's\n"
)
print("| mesh | run | " + " | ".join(peers) + " |")
print("|---" * (2 + len(peers)) + "|")
for mesh, what in sorted({key[:2] for key in fastest}):
    ours = fastest.get((mesh, what, "Halocline"))
    cells = []
    for peer in peers:
        line = fastest.get((mesh, what, peer))
        if not line:
            cells.append("–")
        elif not ours or peer == "Halocline":
            cells.append(f"{line['seconds']:.3f}")
        else:
            cells.append(f"{line['seconds']:.3f} ({line['seconds'] / ours['seconds']:.1f} ×)")
    print(f"| {mesh}³ | {what} | " + " | ".join(cells) + " |")
for peer in peers:
    for line in fastest.values():
        if line["peer"] == peer:
            print(
                f"\n{peer}: "
                + ", ".join(f"{name} {version}" for name, version in line["versions"].items())
                + f", on {line['device']}"
            )
            break
