"""FastPM (C, MPI): from a random field by 2LPT and its own steps to z = 0, as many ranks as threads, meshes in float32.

Seconds are those that FastPM's own table of times gives to initial conditions and evolution, less what it spent on a snapshot's
interpolation and on measuring the power spectrum at every step, of which no other peer does either.
"""

import os
import pathlib
import re
import resource
import subprocess
import tempfile

import timing

chosen = timing.options(__doc__, fastpm={"required": True, "help": "folder that build-fastpm made"})
folder = pathlib.Path(chosen.fastpm).resolve()
program = folder / "fastpm/src/fastpm"
if not program.exists():
    raise SystemExit(f"{program} is missing: run build-fastpm")

SETTINGS = f"""
nc = {chosen.mesh}
boxsize = {3.125 * chosen.mesh}
time_step = linspace(0.1, 1, {chosen.steps + 1})
output_redshifts = {{0.0}}
Omega_m = 0.307494
h = 0.6774
read_powerspectrum = "{folder}/fastpm/tests/powerspec.txt"
linear_density_redshift = 0.0
random_seed = 1
particle_fraction = 1.0
force_mode = "fastpm"
kernel_type = "1_4"
growth_mode = "LCDM"
pm_nc_factor = 1
lpt_nc_factor = 1
np_alloc_factor = 2.0
"""


def seconds(table, part, function):
    """The mean of the ranks, from a line such as ``0.21  0.22  0.21  evolve : run_fastpm : fastpm.c``."""
    found = re.search(rf"([\d.]+)\s+{part} : {function} :", table)
    if not found:
        raise SystemExit(f"FastPM's table of times has no {part} of {function}")
    return float(found[1])


def run():
    environment = os.environ | {
        "OMP_NUM_THREADS": "1",
        "OMPI_ALLOW_RUN_AS_ROOT": "1",
        "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
    }
    with tempfile.TemporaryDirectory() as place:
        job = pathlib.Path(place, "job.lua")
        job.write_text(SETTINGS)
        command = ["mpirun", "-n", str(chosen.threads), "--oversubscribe", str(program), str(job)]
        done = subprocess.run(command, cwd=place, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit("FastPM failed:\n" + (done.stdout + done.stderr)[-2000:])
    table = done.stdout + done.stderr
    whole = seconds(table, "cdmic", "run_fastpm") + seconds(table, "evolve", "run_fastpm")
    return (
        whole - seconds(table, "interpolation", "fastpm_do_interpolation") - seconds(table, "event", "fastpm_do_force")
    )


best = min(run() for _ in range(chosen.repeats))
commit = (folder / "commit").read_text()[:7]
peak = timing.peak_mib(resource.RUSAGE_CHILDREN)
timing.report("FastPM", "forward", chosen, best, chosen.steps, peak_mib_a_rank=peak, versions={"fastpm": commit})
