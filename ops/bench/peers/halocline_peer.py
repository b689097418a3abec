"""Halocline on the same work, by its command line: noise through 2LPT and steps to a density, and the gradient of that density's
variance by the noise and eight parameters; or a step alone, the difference of a long and a short simulation. One subdomain a
thread; the fastest of ``repeat`` runs in one process, as it tells.
"""

import json
import pathlib
import resource
import struct
import subprocess
import tempfile

import timing

chosen = timing.options(
    __doc__,
    launcher={"required": True},
    what={"choices": ["runs", "step"], "default": "runs"},
    device={
        "choices": ["core", "gpu"],
        "default": "core",
        "help": "of the lanes: with gpu, one subdomain on the first",
    },
)

SIMULATION = """
cosmology {{ omega-m = 0.3, omega-b = 0.05, h = 0.7, n-s = 0.96, sigma8 = 0.8, w0 = -1, wa = 0, omega-k = 0 }}
simulation {{
  mesh = [{n}, {n}, {n}], box-mpc-h = [{box}, {box}, {box}], a-initial = 0.1, lpt-order = 2, scheme = bullfrog
  snapshot {{ steps = {steps}, spacing = {spacing} }}
  seed = 1, repeat = {repeats}
}}
"""
SHORT = 4


def zeros(path, n):
    """A numpy file of n^3 float32 zeros: an observed density whose chi-squared is the variance of the simulated one."""
    header = f"{{'descr': '<f4', 'fortran_order': False, 'shape': ({n}, {n}, {n}), }}"
    header += " " * (-(len(header) + 11) % 64) + "\n"
    with open(path, "wb") as out:
        out.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode())
        out.truncate(out.tell() + 4 * n**3)


def run(kind, steps, spacing, more=""):
    """The summary of a job: seconds of each part, the fastest of its repeats, and its layout."""
    with tempfile.TemporaryDirectory() as place:
        job, output, n = pathlib.Path(place, "job.conf"), pathlib.Path(place, "run"), chosen.mesh
        settings = SIMULATION.format(n=n, box=3.125 * n, steps=steps, spacing=spacing, repeats=chosen.repeats)
        if chosen.device == "gpu":
            settings += "layout { device = gpu, x = 1, y = 1 }\n"
        job.write_text(f"kind = {kind}\n{settings}{more}")
        zeros(pathlib.Path(place, "zero.npy"), n)
        command = [chosen.launcher, "run", str(job), "--json", "--lanes", str(chosen.threads), "--output", str(output)]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit("Halocline failed:\n" + (done.stdout + done.stderr)[-2000:])
        return json.loads((output / "summary.json").read_text())


version = subprocess.run([chosen.launcher, "--version"], capture_output=True, text=True).stdout.split(" on ")[0]


def tell(what, summary, seconds, steps):
    layout = summary["layout"]
    timing.report(
        "Halocline",
        what,
        chosen,
        seconds,
        steps,
        device=chosen.device,
        subdomains=layout["x"] * layout["y"],
        peak_mib=timing.peak_mib(resource.RUSAGE_CHILDREN),
        versions={"halocline": version.removeprefix("Halocline ").replace(",", "")},
    )


if chosen.what == "runs":
    summary = run("gradient", chosen.steps, "a", 'data { density = "zero.npy", sigma = 1 }\n')
    took = summary["seconds"]
    tell("forward", summary, took["forward"], chosen.steps)
    tell("gradient", summary, took["forward"] + took["likelihood"] + took["reverse"], chosen.steps)
else:
    short, long = (run("simulate", steps, "log-a") for steps in (SHORT, SHORT + chosen.steps))
    tell("step", long, long["seconds"]["forward"] - short["seconds"]["forward"], chosen.steps)
