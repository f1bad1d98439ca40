#!/usr/bin/env python3
"""Writes Documentation/Registry.md from Documentation/registry-rows.tsv and the sources.

    Scripts/registry-page.py [--check]
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
ROWS = ROOT / "Documentation" / "registry-rows.tsv"
PAGE = ROOT / "Documentation" / "Registry.md"
TESTS = {
    "optimizer": "StrataOptimizersTests/RuleConformanceTests",
    "init": "StrataCoreTests/Initializers/InitializerTests",
    "layer": "StrataLayersTests/GoldenLayerTests",
    "loss": "StrataLossesTests/LossConformanceTests",
    "metric": "StrataLossesTests/MetricTests, StrataTrainingTests/MetricAggregationTests",
    "fit": "StrataTrainingTests/SeedReplayTests",
    "callback": "StrataReplayTests/CallbackConformanceTests",
}
TITLES = {
    "history": "a setting with a history",
    "implemented": "implemented, the same in every release that has it",
    "waiting": "waiting",
    "notApplicable": "not applicable",
}


def settings():
    """The setting of each change written in the sources, as far as the text shows it."""
    found = {}
    for path in sorted((ROOT / "Sources").rglob("*.swift")):
        setting = path.stem
        pattern = r'History(?:<[^>\n]+>)?\(\s*"([^"]+)"|"([a-z0-9]+(?:-[a-z0-9]+)+)"'
        for match in re.finditer(pattern, path.read_text()):
            if match.group(1):
                setting = match.group(1)
            else:
                found.setdefault(match.group(2), setting.replace("\\(owner)", "*"))
    return {id: re.sub(r"\\\(\w+\)", "*", name) for id, name in found.items()}


def page():
    known = settings()
    rows = [line.split("\t") for line in ROWS.read_text().splitlines()[1:]]
    counts = {status: 0 for status in TITLES}
    body = []
    for axis in TESTS:
        body += ["", f"## {axis}", "", "| row | effect | since | state |", "|---|---|---|---|"]
        for id, row_axis, effect, first, status, note in rows:
            if row_axis != axis:
                continue
            if status == "history" and id not in known:
                sys.exit(f"{id}: a history is claimed, but no source names it")
            counts[status] += 1
            if status == "history":
                text = f"`{known[id]}`, {TESTS[axis]}"
            else:
                text = f"{TITLES[status].split(',')[0]}: {note}"
            body.append(f"| `{id}` | {effect} | {first} | {text} |")
    head = [
        "# The registry of changes", "",
        "Every recorded change of Keras's numerics that reaches the weights of a training or what is",
        "reported, and what Strata does about it. Made by `Scripts/registry-page.py` from",
        "`registry-rows.tsv` and the sources; do not edit.", "",
        "| state | rows |", "|---|---|",
    ]
    head += [f"| {TITLES[status]} | {count} |" for status, count in counts.items()]
    head.append(f"| all | {sum(counts.values())} |")
    return "\n".join(head + body) + "\n"


if __name__ == "__main__":
    text = page()
    if "--check" in sys.argv:
        sys.exit(0 if PAGE.read_text() == text else "Documentation/Registry.md is out of date")
    PAGE.write_text(text)
