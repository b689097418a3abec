"""pmwd: from white noise by 2LPT and its leapfrog steps to a density, and the gradient of that density's variance by its reverse adjoint.

Everything is jitted as one function. Float32 particles and meshes, its own double precision for the background. The mesh has
as many cells as there are particles. The gradient is by the noise and by five parameters.
"""

import timing

chosen = timing.options(__doc__)

import jax
from pmwd import Configuration, Cosmology, boltzmann, linear_modes, lpt, nbody, scatter, white_noise

SPACING = 3.125  # Mpc/h
START = 0.1

# A little more than a step, so that rounding does not add one.
settings = Configuration(
    SPACING, (chosen.mesh,) * 3, mesh_shape=1, a_start=START, a_nbody_maxstep=0.9 / chosen.steps * 1.001
)
if settings.a_nbody_num != chosen.steps:
    raise SystemExit(f"pmwd takes {settings.a_nbody_num} steps, not {chosen.steps}")


PARAMETERS = {"A_s_1e9": 2.0, "n_s": 0.96, "Omega_m": 0.3, "Omega_b": 0.05, "h": 0.7}


def density(noise, parameters):
    cosmology = boltzmann(Cosmology(settings, **parameters), settings)
    particles, observables = lpt(linear_modes(noise, cosmology, settings), cosmology, settings)
    particles, _ = nbody(particles, observables, cosmology, settings)
    return scatter(particles, settings)


arguments = (white_noise(1, settings, real=True), PARAMETERS)
forward = jax.jit(density)
gradient = jax.jit(jax.value_and_grad(lambda *a: density(*a).var(), argnums=(0, 1)))

forward = forward.lower(*arguments).compile()
gradient = gradient.lower(*arguments).compile()
contrast = float(forward(*arguments).std())
if not 0.3 < contrast < 10:
    raise SystemExit(f"pmwd's density has a contrast of {contrast}: that is no universe")

used = {"versions": timing.versions("pmwd", "jax", "jaxlib", "mcfit", "numpy")}
for what, run in (("forward", forward), ("gradient", gradient)):
    seconds = timing.fastest(lambda: jax.block_until_ready(run(*arguments)), chosen.repeats)
    timing.report(
        "pmwd",
        what,
        chosen,
        seconds,
        chosen.steps,
        contrast=round(contrast, 3),
        device=jax.devices()[0].device_kind,
        peak_mib=timing.peak_mib(),
        **timing.on_device(jax.devices()[0]),
        **used,
    )
