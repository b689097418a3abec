"""Makes growth.csv: the growing mode with early dark energy, by scipy, from the equations in D1 and D2 themselves.

usage: python3 growth.py > growth.csv

Unknowns are p = dlnD1/dlna, y = D2/D1^2, q = D2'/D1^2 and ln D1, from the local power law at ln a = -6000 (or where dark energy
and matter differ by e^600) on; a start at half that ln a must give the same numbers to 1e-8, and the program ends if it does not.
"""
import numpy as np
from scipy.integrate import solve_ivp

SCALES = [1e-3, 1e-2, 0.1, 0.3, 0.6, 1.0]
SETTINGS = [  # omega-m, w0, wa, omega-k
    (0.3089, -1, 0, 0), (0.3, -1.2, 0.8, 0.1), (0.3, -0.5, 1, 0), (0.3, -1, 1.5, 0), (0.25, -0.2, 3, 0), (0.3, -0.9, 0.5, 0),
    (0.3, -0.9, 0.8, -0.2), (0.3, -0.95, 0.9, 0), (0.3, -1, 1, 0), (0.05, -1, 1, 0.3), (0.3, -0.9, 0.95, 0), (0.3, -1, 1.1, 0),
    (0.6, -0.8, 1.05, -0.3), (0.3, -1, 1.3, 0), (0.3, -1, 1.36, 0), (0.01, -0.2, 0.19, 0), (0.01, -0.2, 0.205, 0.4),
    (0.01, -0.2, 0.22, 0), (0.15, -3, 3, 0.5), (0.9, -0.3, 0.7, -0.5), (0.3, -3, -3, 0), (0.4, -0.6, 1.1, 0.4)]


def background(x, om, w0, wa, ok):
    """Omega_m(a) and 2 + E'/E."""
    a = np.exp(x)
    log = [0, x, -3 * ((w0 + wa) * x + wa * (1 - a))]
    most = max(log)
    m, k, d = (c * np.exp(v - most) for c, v in zip((om, ok, 1 - om - ok), log))
    f = m + k + d
    return m / f, 0.5 + 0.5 * (k + 3 * d * (wa * a - w0 - wa)) / f


def grow(om, w0, wa, ok, start):
    def rates(x, s):
        m, b = background(x, om, w0, wa, ok)
        p, y, q, _ = s
        return [1.5 * m - b * p - p * p, q - 2 * p * y, 1.5 * m * (1 + y) - b * q - 2 * p * q, p]

    m, b = background(start, om, w0, wa, ok)
    root = np.sqrt(b * b + 6 * m)
    p = 3 * m / (b + root) if b > 0 else (root - b) / 2
    y = 1.5 * m / (2 * p * p + 1.5 * m)
    state, out, at = np.array([p, y, 2 * p * y, 0.0]), [], start
    for a in [1e-5] + SCALES:
        x = np.log(a)
        state = solve_ivp(rates, (at, x), state, method="Radau", rtol=1e-11, atol=1e-60, first_step=0.01).y[:, -1]
        if a == 1e-5:
            state[3] = 0
        else:
            out.append(state)
        at = x
    last = out[-1][3]
    d = [np.exp(s[3] - last) for s in out]
    return np.array([[g, s[0] * g, s[1] * g * g, s[2] * g * g] for s, g in zip(out, d)])


print("omega_m,w0,wa,omega_k,a,D1,D1',D2,D2'")
for om, w0, wa, ok in SETTINGS:
    start = -min(6000, 200 / max(1e-9, abs(w0 + wa)))
    start = min(start, -60)
    found, half = (grow(om, w0, wa, ok, s) for s in (start, start / 2))
    assert np.max(np.abs(half / found - 1)) < 1e-8, (om, w0, wa, ok, np.max(np.abs(half / found - 1)))
    for a, row in zip(SCALES, found):
        print(",".join(repr(float(v)) for v in (om, w0, wa, ok, a, *row)))
