"""JaxPM: from white noise by 2LPT and leapfrog steps of its own forces to a density, and the gradient of that density's variance.

The steps are one jitted scan whose body is rematerialised in the reverse pass (jax.checkpoint), so that its memory does not grow
with what a step holds inside. Float32. Particles are painted at absolute positions: on a CPU JaxPM takes half the time for that
that it takes for relative ones. The gradient is by the noise, by Omega_c and by sigma8.
"""

import timing

chosen = timing.options(__doc__)

import jax
import jax.numpy as jnp
import jax_cosmo as jc
from jaxpm.distributed import fft3d, ifft3d
from jaxpm.kernels import fftk
from jaxpm.painting import cic_paint
from jaxpm.pm import lpt, pm_forces

n = chosen.mesh
SHAPE = (n, n, n)
BOX = 3.125 * n  # Mpc/h
START = 0.1
SITES = jnp.stack(jnp.meshgrid(*[jnp.arange(n, dtype=jnp.float32)] * 3, indexing="ij"), axis=-1)


def linear(noise, cosmology):
    """Coloured by a table of the linear power spectrum, as JaxPM's examples do."""
    k = jnp.logspace(-4, 1.5, 256)
    power = jc.power.linear_matter_power(cosmology, k)
    modes = fft3d(noise)
    waves = sum((w * n / BOX) ** 2 for w in fftk(modes)) ** 0.5
    table = jnp.interp(waves.reshape(-1), k, power).reshape(waves.shape)
    return ifft3d(modes * jnp.sqrt(table * n**3 / BOX**3)).astype(jnp.float32)


def leap(cosmology, state, edges):
    """Half a drift, a kick, half a drift; coefficients at the middle of each interval."""
    x, p = state
    start, end = edges
    middle = (start + end) / 2

    def rate(a, power):
        return 1 / (a**power * jnp.sqrt(jc.background.Esqr(cosmology, a)))

    x = x + p * (rate((start + middle) / 2, 3) * (middle - start)).astype(jnp.float32)
    force = pm_forces(x, mesh_shape=SHAPE)
    p = p + force * (1.5 * cosmology.Omega_m * rate(middle, 2) * (end - start)).astype(jnp.float32)
    x = x + p * (rate((middle + end) / 2, 3) * (end - middle)).astype(jnp.float32)
    return x, p


def density(noise, omega_c, sigma8):
    # Two objects: jax-cosmo keeps a table of growth in its object that lacks what JaxPM expects in the same place.
    field = linear(noise, jc.Planck15(Omega_c=omega_c, sigma8=sigma8))
    cosmology = jc.Planck15(Omega_c=omega_c, sigma8=sigma8)
    dx, p, _ = lpt(cosmology, field, particles=SITES, a=START, order=2)
    x = SITES + dx
    edges = jnp.linspace(START, 1, chosen.steps + 1)

    @jax.checkpoint
    def step(state, between):
        return leap(cosmology, state, between), None

    (x, _), _ = jax.lax.scan(step, (x.astype(jnp.float32), p.astype(jnp.float32)), (edges[:-1], edges[1:]))
    return cic_paint(jnp.zeros(SHAPE), x)


noise = jax.random.normal(jax.random.PRNGKey(1), SHAPE)
forward = jax.jit(density)
gradient = jax.jit(jax.value_and_grad(lambda *a: density(*a).var(), argnums=(0, 1, 2)))
arguments = (noise, 0.25, 0.8)

forward = forward.lower(*arguments).compile()
gradient = gradient.lower(*arguments).compile()
contrast = float(forward(*arguments).std())
if not 0.3 < contrast < 10:
    raise SystemExit(f"JaxPM's density has a contrast of {contrast}: that is no universe")

used = {"versions": timing.versions("jaxpm", "jax", "jaxlib", "jax-cosmo", "jaxdecomp", "numpy")}
for what, run in (("forward", forward), ("gradient", gradient)):
    seconds = timing.fastest(lambda: jax.block_until_ready(run(*arguments)), chosen.repeats)
    timing.report(
        "JaxPM",
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
