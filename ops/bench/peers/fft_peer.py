"""One r2c and one c2r transform of a cube, single precision: scipy.fft (pocketfft) and FFTW through pyFFTW."""

import timing

chosen = timing.options(__doc__, peer={"choices": ["scipy", "pyfftw"], "required": True})

import numpy

mesh = numpy.random.default_rng(1).standard_normal((chosen.mesh,) * 3, dtype=numpy.float32)

if chosen.peer == "scipy":
    import scipy.fft

    name, used = "scipy.fft", timing.versions("scipy", "numpy")

    def run():
        modes = scipy.fft.rfftn(mesh, workers=chosen.threads)
        return scipy.fft.irfftn(modes, s=mesh.shape, workers=chosen.threads, overwrite_x=True)

else:
    import pyfftw

    name, used = "pyFFTW", timing.versions("pyfftw", "numpy") | {"fftw of pyfftw": pyfftw.fftw_version}
    n = chosen.mesh
    real = pyfftw.empty_aligned((n, n, n), "float32")
    modes = pyfftw.empty_aligned((n, n, n // 2 + 1), "complex64")
    back = pyfftw.empty_aligned((n, n, n), "float32")
    planning = {"axes": (0, 1, 2), "threads": chosen.threads}
    r2c = pyfftw.FFTW(real, modes, flags=("FFTW_MEASURE",), **planning)
    c2r = pyfftw.FFTW(modes, back, direction="FFTW_BACKWARD", flags=("FFTW_MEASURE", "FFTW_DESTROY_INPUT"), **planning)
    real[:] = mesh

    def run():
        r2c.execute()
        c2r.execute()
        return back


seconds = timing.fastest(run, chosen.repeats)
result = run()
scale = 1 if chosen.peer == "scipy" else chosen.mesh**3
if not numpy.allclose(result / scale, mesh, atol=1e-4):
    raise SystemExit(f"{name}: the mesh did not come back from its transform")
timing.report(name, "r2c and c2r", chosen, seconds, 1, versions=used)
