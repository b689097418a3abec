"""Turns the lines of JSON of a measurement into the tables of RESULTS.md, on the standard output."""

import argparse
import json
import os
import pathlib
import platform
import subprocess
from functools import partial

# What `halocline bench` calls a thing that the floor and the FFT peers measure too.
OURS = {
    "fft-r2c-c2r": "r2c and c2r",
    "kick": "stencil, read and kick",
}
# Parts of a step in C; those in brackets are in the one before.
FLOOR_PARTS = {
    "drift": "a drift (two a step)",
    "paint": "paint",
    "overdensity": "overdensity",
    "potential": "potential",
    "r2c": "(r2c)",
    "green": "(Green's function)",
    "c2r": "(c2r)",
    "stencil, read and kick": "stencil, read and kick",
    "stencil": "(stencil)",
    "read and kick": "(read and kick)",
    "step": "**step**",
}


def cube(mesh):
    """Cells an axis, of a number or of a list of three; 0 where there is no cube."""
    if isinstance(mesh, list):
        return mesh[0] if len(mesh) == 3 and len(set(mesh)) == 1 else 0
    return mesh


FIGURES = ("ns_per_particle_step", "ns_per_particle", "ns_per_cell", "gb_per_s", "ms", "percent", "seconds")


def figure(line):
    """The name of the figure that a line is about."""
    found = next((f for f in FIGURES if f in line), None)
    if not found:
        raise SystemExit(f"report: a line without any of {', '.join(FIGURES)}: {line}")
    return found


def value(line):
    return line[figure(line)]


def cost(line):
    """Less is better."""
    return 1 / value(line) if figure(line) == "gb_per_s" else value(line)


def own_words(line):
    """A line of `halocline bench`, in the words of the others."""
    what = OURS.get(line["name"], line["name"])
    return line | {"peer": "Halocline bench", "what": what, "threads": line.get("subdomains", 1)}


class Results:
    """The fastest of all rounds of everything that was measured, by peer, variant, what, mesh and threads."""

    def __init__(self, path):
        every = {}
        self.rounds = 0
        for text in pathlib.Path(path).read_text().splitlines():
            line = json.loads(text)
            self.rounds = max(self.rounds, line["round"])
            if "name" in line:
                line = own_words(line)
            if "peer" in line:
                key = line["peer"], line.get("variant", ""), line["what"], cube(line.get("mesh", [])), line["threads"]
                every.setdefault(key, []).append(line)
        self.best = {key: min(lines, key=cost) for key, lines in every.items()}
        self.apart = sorted(max(map(cost, lines)) / min(map(cost, lines)) for lines in every.values())

    def find(self, peer, what, mesh, threads, variant=""):
        return self.best.get((peer, variant, what, mesh, threads))

    def fftw(self, mesh, threads):
        """The faster of FFTW in C in place and out of place."""
        both = [self.find("floor", f"r2c and c2r {place}", mesh, threads) for place in ("in place", "out of place")]
        return min(filter(None, both), key=cost, default=None)

    def meshes(self, *whats):
        return sorted({k[3] for k in self.best if k[2] in whats and k[3]})

    def threads(self, *whats):
        return sorted({k[4] for k in self.best if k[2] in whats})


def row(*cells):
    print("| " + " | ".join(str(c) for c in cells) + " |")


def table(*heads):
    print()
    row(*heads)
    row(*["---"] + ["--:"] * (len(heads) - 1))


def ratio(theirs, ours):
    return f"{value(theirs) / value(ours):.2f}" if theirs and ours else ""


def number(line):
    return f"{value(line):.1f}" if line else ""


def machine():
    told = {}
    try:
        listed = json.loads(subprocess.run(["lscpu", "-J"], capture_output=True, text=True, check=True).stdout)
    except (OSError, subprocess.CalledProcessError, ValueError):
        listed = {"lscpu": []}

    def walk(entries):
        for entry in entries:
            told.setdefault(entry["field"].rstrip(":"), entry.get("data"))
            walk(entry.get("children", []))

    walk(listed["lscpu"])
    caches = ", ".join(
        f"{c} {told[c]}" for c in ("L1d cache", "L1d", "L2 cache", "L2", "L3 cache", "L3") if told.get(c)
    )
    family = f"family {told.get('CPU family', '?')} model {told.get('Model', '?')}"
    gib = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    widths = [w for w in ("avx2", "avx512f") if w in (told.get("Flags") or "").split()]
    return [
        f"- {told.get('Model name', platform.processor())} ({family}, {', '.join(widths) or 'no AVX2'}), {len(os.sched_getaffinity(0))} cores, "
        f"{gib:.0f} GiB of memory; caches: {caches}"
        + (f"; virtual ({told['Hypervisor vendor']})" if told.get("Hypervisor vendor") else ""),
        f"- {platform.system()} {platform.release()}, {platform.libc_ver()[0]} {platform.libc_ver()[1]}, Python {platform.python_version()}",
    ]


def used(results):
    versions = {}
    for line in results.best.values():
        versions.update(line.get("versions", {}))
    return ", ".join(f"{k} {v}" for k, v in sorted(versions.items()))


def whole_runs(results):
    print("\n## Whole runs beside the peers")
    print(
        "\nFrom white noise through 2LPT and the steps to a density, and the gradient of that density's variance; ns a particle and step,"
    )
    print("compilation apart. The ratio is to Halocline on as many cores.")
    for mesh in results.meshes("forward", "gradient"):
        table(
            f"{mesh}³", "cores", "forward", "× Halocline", "gradient", "× Halocline", "gradient / forward", "peak MiB"
        )
        for peer in ("Halocline", "JaxPM", "pmwd", "FastPM"):
            for threads in results.threads("forward"):
                forward, gradient = (results.find(peer, w, mesh, threads) for w in ("forward", "gradient"))
                if not forward:
                    continue
                ours = [results.find("Halocline", w, mesh, threads) for w in ("forward", "gradient")]
                peak = forward | (gradient or {})
                row(
                    peer,
                    threads,
                    number(forward),
                    ratio(forward, ours[0]),
                    number(gradient) or "none",
                    ratio(gradient, ours[1]),
                    ratio(gradient, forward),
                    peak.get("peak_mib") or f"{peak.get('peak_mib_a_rank', '')} a rank",
                )


def transforms(results):
    print("\n## FFT: one r2c and one c2r of a cube, single precision")
    print("\nns a cell. FFTW in C is planned with FFTW_MEASURE; the faster of in place and out of place counts.")
    table(
        "mesh",
        "cores",
        "FFTW in C",
        "pyFFTW",
        "scipy (pocketfft)",
        "Halocline",
        "Halocline / FFTW",
        "Halocline / scipy",
    )
    every = ("r2c and c2r", "r2c and c2r in place")
    for mesh in results.meshes(*every):
        for threads in results.threads(*every):
            fftw = results.fftw(mesh, threads)
            others = [results.find(p, "r2c and c2r", mesh, threads) for p in ("pyFFTW", "scipy.fft", "Halocline bench")]
            if fftw or any(others):
                row(
                    f"{mesh}³",
                    threads,
                    number(fftw),
                    *map(number, others),
                    ratio(others[2], fftw),
                    ratio(others[2], others[1]),
                )


def floor(results):
    print("\n## A forward step beside the same step in C")
    print(
        "\nns a particle. `floor.c`, plain and tuned. Halocline's step is the difference of a long and a short run, so that initial"
    )
    print("conditions are not in it; its parts are those of `halocline bench`.")
    for mesh in results.meshes("step"):
        for threads in results.threads("step"):
            if not results.find("floor", "step", mesh, threads, "tuned"):
                continue
            table(
                f"{mesh}³, {threads} core{'s' if threads > 1 else ''}",
                "plain C",
                "tuned C",
                "Halocline",
                "/ plain",
                "/ tuned",
            )
            for part, words in FLOOR_PARTS.items():
                plain, tuned = (results.find("floor", part, mesh, threads, v) for v in ("plain", "tuned"))
                ours = results.find("Halocline" if part == "step" else "Halocline bench", part, mesh, threads)
                row(words, number(plain), number(tuned), number(ours), ratio(ours, plain), ratio(ours, tuned))
    copies = [line for key, line in sorted(results.best.items(), key=str) if key[2].startswith("memcpy")]
    if copies:
        print(
            "\nA plain copy (bytes copied, not moved twice):",
            "; ".join(
                f"{line['gb_per_s']:.1f} GB/s on {line['threads']} core{'s' if line['threads'] > 1 else ''}"
                for line in copies
            )
            + ".",
        )


def own(results):
    lines = [(k, v) for k, v in results.best.items() if k[0] == "Halocline bench"]
    if not lines:
        print("\nThis Halocline has no `bench` command, so its kernels and its FFT are not in these tables.")
        return
    print("\n## All that `halocline bench` tells")
    table("what", "mesh", "subdomains", "figure", "unit", "beside", "ratio")
    for (_, _, _, mesh, threads), line in lines:
        beside = line.get("baseline", {})
        row(
            line["name"],
            "×".join(map(str, line.get("mesh", []))),
            threads,
            f"{value(line):.2f}",
            figure(line).replace("_", " "),
            beside.get("name", ""),
            f"{line['ratio']:.2f}" if "ratio" in line else "",
        )


def aims(results):
    """What the project wants to reach, and how far it is; what was not measured is left out."""
    rows = []

    def aim(what, first, second, wanted, least=True):
        if first and second:
            reached = value(first) / value(second)
            met = reached >= wanted if least else reached <= wanted
            rows.append(
                (what, f"{'at least' if least else 'at most'} {wanted}", f"{reached:.2f}", "yes" if met else "no")
            )

    ours = partial(results.find, "Halocline")
    bench = partial(results.find, "Halocline bench")
    aim("FFT of 256³ on one core / FFTW", bench("r2c and c2r", 256, 1), results.fftw(256, 1), 1.3, least=False)
    aim(
        "FFT of 256³ on one core / pocketfft",
        bench("r2c and c2r", 256, 1),
        results.find("scipy.fft", "r2c and c2r", 256, 1),
        1.0,
        least=False,
    )
    for mesh in (128, 256):
        for variant in ("plain", "tuned"):
            there = results.find("floor", "step", mesh, 1, variant)
            aim(f"step of {mesh}³ on one core / {variant} C", ours("step", mesh, 1), there, 1.3, least=False)
        aim(f"step of {mesh}³, one subdomain / two", ours("step", mesh, 1), ours("step", mesh, 2), 1.8)
    for mesh in results.meshes("gradient"):
        aim(
            f"gradient / forward, {mesh}³, two cores",
            ours("gradient", mesh, 2),
            ours("forward", mesh, 2),
            4,
            least=False,
        )
        for peer, forward, gradient in (("JaxPM", 8, 16), ("pmwd", 6, 5)):
            aim(
                f"{peer} / Halocline, forward, {mesh}³, two cores",
                results.find(peer, "forward", mesh, 2),
                ours("forward", mesh, 2),
                forward,
            )
            aim(
                f"{peer} / Halocline, gradient, {mesh}³, two cores",
                results.find(peer, "gradient", mesh, 2),
                ours("gradient", mesh, 2),
                gradient,
            )
    if rows:
        print("\n## Aims")
        table("ratio", "aim", "measured", "met")
        for cells in rows:
            row(*cells)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lines")
    for name in ("command", "date", "commit"):
        parser.add_argument("--" + name, required=True)
    chosen = parser.parse_args()
    results = Results(chosen.lines)
    print("# Measured\n")
    print(
        f"- {chosen.date}, commit {chosen.commit}, by `{chosen.command.strip()}`: everything in turn, rounds: {results.rounds}, the fastest counts"
    )
    apart = results.apart
    print(
        f"- the machine's own noise, slowest round / fastest: {apart[len(apart) // 2]:.2f} for half of the figures, {apart[-1]:.2f} at worst"
    )
    print("\n".join(machine()))
    print(f"- {used(results)}")
    aims(results)
    whole_runs(results)
    transforms(results)
    floor(results)
    own(results)
    print("\nLight cones of 512×512×1024, planned and measured memory, and how cost grows: [SCALING.md](SCALING.md).")


if __name__ == "__main__":
    main()
