"""Halocline on the same work, by its command line: noise through 2LPT and steps to a density, and the gradient of that density's
variance by the noise and eight parameters. One subdomain a thread; the fastest of ``repeat`` runs in one process, as it tells.
"""

import json
import pathlib
import resource
import struct
import subprocess
import tempfile

import timing

chosen = timing.options(__doc__, launcher={"required": True})

JOB = """
kind = gradient
cosmology {{ omega-m = 0.3, omega-b = 0.05, h = 0.7, n-s = 0.96, sigma8 = 0.8, w0 = -1, wa = 0, omega-k = 0 }}
simulation {{
  mesh = [{n}, {n}, {n}], box-mpc-h = [{box}, {box}, {box}], a-initial = 0.1, lpt-order = 2, scheme = bullfrog
  snapshot {{ steps = {steps}, spacing = a }}
  seed = 1, repeat = {repeats}
}}
data {{ density = "zero.npy", sigma = 1 }}
"""


def zeros(path, n):
    """A numpy file of n^3 float32 zeros: an observed density whose chi-squared is the variance of the simulated one."""
    header = f"{{'descr': '<f4', 'fortran_order': False, 'shape': ({n}, {n}, {n}), }}"
    header += " " * (-(len(header) + 11) % 64) + "\n"
    with open(path, "wb") as out:
        out.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode())
        out.truncate(out.tell() + 4 * n**3)


with tempfile.TemporaryDirectory() as place:
    job = pathlib.Path(place, "job.conf")
    n = chosen.mesh
    job.write_text(JOB.format(n=n, box=3.125 * n, steps=chosen.steps, repeats=chosen.repeats))
    zeros(pathlib.Path(place, "zero.npy"), n)
    output = pathlib.Path(place, "run")
    command = [chosen.launcher, "run", str(job), "--json", "--lanes", str(chosen.threads), "--output", str(output)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit("Halocline failed:\n" + (done.stdout + done.stderr)[-2000:])
    summary = json.loads((output / "summary.json").read_text())

took = summary["seconds"]
layout = summary["layout"]
version = subprocess.run([chosen.launcher, "--version"], capture_output=True, text=True).stdout.split(" on ")[0]
more = {
    "versions": {"halocline": version.removeprefix("Halocline ").replace(",", "")},
    "subdomains": layout["x"] * layout["y"],
    "peak_mib": timing.peak_mib(resource.RUSAGE_CHILDREN),
}
timing.report("Halocline", "forward", chosen, took["forward"], chosen.steps, **more)
timing.report("Halocline", "gradient", chosen, took["forward"] + took["likelihood"] + took["reverse"], chosen.steps, **more)
