#!/usr/bin/env python3
"""Strata beside other frameworks: `make bench`, or

    Scripts/bench.py [--threads 1,2] [--rounds N] [--seconds S] [--only 'mlp-*,gemm-512']

Round by round and workload by workload, Strata and one peer after another. PEERS names the folder of
the peers' harness, PEERS_TORCH_PY, PEERS_TF_PY, PEERS_JAX_PY their interpreters; without them Strata
runs alone. Leaves results.jsonl, table.md and table.json in DIR."""
import argparse
import fnmatch
import json
import os
import re
import statistics
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PACKAGE = os.path.join(ROOT, "Benchmarks")
SWIFT = os.environ.get("SWIFT", "swift").split()
DENSE = ["jax", "keras-jax", "torch-fused"]
INFERENCE = ["numpy", "jax", "torch-jit"]
PRODUCT = ["torch", "torch-mklfix", "tf-function", "jax", "numpy-skylakex"]

# Workload: the peers that have been best at it, and how many times faster Strata is to be, one thread.
PLAN = {
    "mlp-tiny": (DENSE + ["mlx"], 6), "mlp-mnist": (DENSE + ["keras-tf", "mlx"], 1.6),
    "mlp-wide": (["keras-tf", "jax", "torch-fused"], 1.25),
    "cnn-mnist": (["keras-tf", "torch-fused", "torch-cl"], 1.6),
    "cnn-cifar": (["torch-cl", "keras-tf", "torch-compile"], 1.25),
    "resnet20-cifar": (["torch-compile", "torch-cl", "keras-tf-nojit"], 1.5),
    "lstm-small": (["torch-fused", "keras-jax", "torch-compile"], 1.6),
    "lstm-text": (["torch-fused", "torch-compile", "keras-tf"], 1.5),
    "gru-bi": (["keras-tf", "torch-fused", "torch-compile"], 3),
    "transformer": (["keras-tf", "torch-fused", "keras-jax"], 1.4),
    "adam-10m-one": (["torch-fused", "keras-jax", "jax"], 1),
    "adam-10m-200": (["torch-fused", "keras-jax", "jax"], 1.3),
    **{f"gemm-{s}": (PRODUCT, 0.8) for s in ("512", "1024", "2048", "4096", "m32", "m64", "m128")},
    "infer-mlp-tiny": (INFERENCE, 2), "infer-mlp-mnist": (INFERENCE, 1),
    "infer-cnn-mnist": (["jax", "torch-jit", "torch-fused"], 1.8),
    "infer-cnn-cifar": (["jax", "torch-jit", "tf-xla"], 1.5),
    "infer-lstm-small": (["jax", "torch-jit", "torch-fused"], 1.8),
    "cold-mlp-mnist": (["h5py"], 8), "cold-mlp-50mb": (["h5py"], 8),
    "io-save": (["h5py"], None), "io-load": (["h5py"], None), "fit-digits": (["numpy"], 5),
}
# Made to use wider vectors than they would by themselves: not what a user gets, but what products
# are held against.
TUNED = {"torch-mklfix", "numpy-skylakex"}


def say(text):
    print(time.strftime("%H:%M:%S"), text, flush=True)


def interpreter(peer):
    kind = "jax" if "jax" in peer or peer == "mlx" else "tf" if "tf" in peer else "torch"
    return os.environ.get(f"PEERS_{kind.upper()}_PY")


def missing(peer):
    """Why a peer cannot run; None if it can."""
    if not os.environ.get("PEERS"):
        return "PEERS is not set"
    if not interpreter(peer):
        return "its interpreter is not set"
    if peer == "torch-mklfix" and not os.environ.get("PEERS_MKL_SHIM"):
        return "PEERS_MKL_SHIM is not set"
    return None


def build():
    """The programs of Strata, in release: of the workloads and of the kernels."""
    flags = ["-c", "release"] + (["--static-swift-stdlib"] if sys.platform == "linux" else [])
    for folder, product in ((PACKAGE, "StrataBenchmarks"), (ROOT, "kernel-benchmarks")):
        say(f"building {product}")
        line = SWIFT + ["build", *flags, "--package-path", folder]
        done = subprocess.run(line + ["--product", product], capture_output=True, text=True)
        if done.returncode:
            text = (done.stdout + done.stderr).splitlines()
            sys.exit("\n".join([l for l in text if "error:" in l] or text[-20:]))
        shown = subprocess.run(line + ["--show-bin-path"], capture_output=True, text=True, check=True)
        yield os.path.join(shown.stdout.strip(), product)


def command(framework, workload, threads, settings, program):
    """What to run for a framework, and with which environment."""
    line = ["--workload", workload, "--threads", str(threads), "--seconds", str(settings.seconds)]
    environment = dict(os.environ, BENCH_TMP=settings.out, PEERS_TMP=settings.out)
    if framework == "strata":
        return [program] + line, environment
    if framework == "numpy-skylakex":
        framework, environment["OPENBLAS_CORETYPE"] = "numpy", "SkylakeX"
    harness = os.path.join(os.environ["PEERS"], "peers.py")
    return [interpreter(framework), harness, "--framework", framework] + line, environment


def run(line, environment, cores=None):
    """The JSON object that a program prints last; it may be bound to cores, as peers bind themselves."""
    bind = (lambda: os.sched_setaffinity(0, cores)) if cores else None
    try:
        done = subprocess.run(
            line, env=environment, capture_output=True, text=True, timeout=300, preexec_fn=bind)
    except subprocess.TimeoutExpired:
        return {"error": "longer than 300 s"}
    found = [text for text in done.stdout.splitlines() if text.startswith("{")]
    if done.returncode or not found:
        return {"error": (done.stderr.strip().splitlines() or ["no output"])[-1][:200]}
    return json.loads(found[-1])


def busy():
    """Ticks that each core has worked."""
    with open("/proc/stat") as file:
        lines = [line.split() for line in file if re.match(r"cpu\d", line)]
    return {int(line[0][3:]): sum(map(int, line[1:4])) for line in lines}


def own_cores(threads):
    """The least busy cores, as the peers' harness chooses them; None where processes are not bound."""
    if not hasattr(os, "sched_getaffinity"):
        return None
    before = busy()
    time.sleep(0.2)
    after = busy()
    return sorted(os.sched_getaffinity(0), key=lambda core: after[core] - before[core])[:threads]


def cases(settings):
    """Every (round, threads, workload, framework), interleaved."""
    for number in range(settings.rounds):
        for threads in settings.threads:
            for workload in settings.workloads:
                frameworks = ["strata"] + [p for p in PLAN[workload][0] if not missing(p)]
                if workload.startswith("cold"):
                    frameworks.reverse()  # the peer's harness writes the file that all load
                for framework in frameworks:
                    if framework in settings.frameworks or not settings.frameworks:
                        yield number, threads, workload, framework


def measure(settings, program):
    results = []
    todo = list(cases(settings))
    with open(os.path.join(settings.out, "results.jsonl"), "w") as file:
        for position, (number, threads, workload, framework) in enumerate(todo):
            line, environment = command(framework, workload, threads, settings, program)
            result = run(line, environment, own_cores(threads) if framework == "strata" else None)
            result.update(workload=workload, framework=framework, threads=threads, round=number)
            results.append(result)
            file.write(json.dumps(result) + "\n")
            file.flush()
            say(f"{position + 1}/{len(todo)}  {threads} thread(s)  {workload:15} {framework:15} " + (
                result["error"] if "error" in result
                else f"{milliseconds(result):10.4g} ms {result['peak_rss_mb']:7.0f} MB"))
    return results


def milliseconds(result):
    """Processor time of one thread, which other processes do not disturb; wall time of several."""
    if result["threads"] > 1:
        return result["median_ms"]
    if result["workload"].startswith(("cold", "io", "fit")):
        return result["cpu_median_ms"]
    return min(result["cpu_median_ms"], result["median_ms"])


def summary(results, peak):
    """A row for each workload and number of threads: medians over the rounds."""
    groups = {}
    for result in results:
        if "error" not in result:
            key = result["threads"], result["workload"]
            groups.setdefault(key, {}).setdefault(result["framework"], []).append(result)
    rows, single = [], {}
    for (threads, workload), frameworks in groups.items():
        if "strata" not in frameworks:
            continue
        own = frameworks.pop("strata")
        time_of = lambda runs: statistics.median(map(milliseconds, runs))
        memory = lambda runs: statistics.median(run["peak_rss_mb"] for run in runs)
        row = {"workload": workload, "threads": threads, "ms": time_of(own), "rss_mb": memory(own),
               "compile_ms": own[0].get("compile_ms"), "agrees": own[0].get("agrees")}
        if own[0].get("gflops"):
            row["peak_share"] = statistics.median(run["gflops"] for run in own) / (peak * threads)
        rivals = {name: time_of(runs) for name, runs in frameworks.items()
                  if name not in TUNED or workload.startswith("gemm")}
        if rivals:
            row["peer"] = min(rivals, key=rivals.get)
            row["peer_ms"] = rivals[row["peer"]]
            row["ratio"] = row["peer_ms"] / row["ms"]
            row["target"] = PLAN[workload][1] if threads == 1 else 1
            row["leanest_mb"] = min(map(memory, frameworks.values()))
            row["memory_ratio"] = row["rss_mb"] / row["leanest_mb"]
        single.setdefault(workload, row["ms"])
        if threads > 1:
            row["speedup"] = single[workload] / row["ms"]
        rows.append(row)
    return rows


def markdown(rows):
    columns = ["workload", "threads", "Strata ms", "best peer", "its ms", "ratio", "at least", "MB",
               "leanest peer's MB", "share of peak", "compile ms", "speed-up", "loss"]
    number = lambda value, digits=3: "" if value is None else f"{value:.{digits}g}"
    lines = ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
    for row in rows:
        target = row.get("target")
        met = "" if not target or row["ratio"] >= target else " (short)"
        large = " (over)" if row.get("memory_ratio", 0) > 1 and row["compile_ms"] else ""
        share = row.get("peak_share")
        agrees = {None: "", True: "agrees", False: "DIFFERS"}[row["agrees"]]
        cells = [row["workload"], str(row["threads"]), number(row["ms"], 4), row.get("peer", ""),
                 number(row.get("peer_ms"), 4), number(row.get("ratio")) + met, number(target),
                 f"{row['rss_mb']:.0f}{large}", number(row.get("leanest_mb"), 4),
                 f"{share:.0%}" if share else "", number(row["compile_ms"]),
                 number(row.get("speedup")), agrees]
        lines.append("| " + " | ".join(cells) + " |")
    for threads in sorted({row["threads"] for row in rows}):
        products = [row["ratio"] for row in rows if row["workload"].startswith("gemm")
                    and row["threads"] == threads and "ratio" in row]
        if products:
            lines.append(f"\nProducts, {threads} thread(s), geometric mean of the ratios: "
                         f"{statistics.geometric_mean(products):.3g} (at least 0.95).")
    return "\n".join(lines)


def parse():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--threads", default="1,2")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=2, help="of measuring, each time")
    parser.add_argument("--only", default="*", help="workloads, with wildcards")
    parser.add_argument("--frameworks", default="", help="only these, for example strata,jax")
    parser.add_argument("--out", default=os.path.join(ROOT, ".build", "bench"))
    settings = parser.parse_args()
    patterns = settings.only.split(",")
    settings.workloads = [w for w in PLAN if any(fnmatch.fnmatch(w, p) for p in patterns)]
    settings.threads = [int(count) for count in settings.threads.split(",")]
    settings.frameworks = [name for name in settings.frameworks.split(",") if name]
    return settings


def main():
    settings = parse()
    os.makedirs(settings.out, exist_ok=True)
    absent = {peer: missing(peer) for workload in settings.workloads for peer in PLAN[workload][0]}
    for peer, reason in absent.items():
        if reason:
            say(f"without {peer}: {reason}")
    workloads, kernels = build()
    peak = run([kernels, "--only", "nothing", "--json"], dict(os.environ), own_cores(1))
    say(f"peak of multiply-adds: {peak['rate']} GFLOP/s a thread")
    rows = summary(measure(settings, workloads), peak["rate"])
    table = markdown(rows)
    with open(os.path.join(settings.out, "table.md"), "w") as file:
        file.write(table + "\n")
    with open(os.path.join(settings.out, "table.json"), "w") as file:
        json.dump(rows, file, indent=1)
    print(table)


main()
