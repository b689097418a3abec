"""Makes lensing.csv: plane weights and transverse distances in curved space, by scipy, without the addition theorem.

usage: python3 lensing.py ../reference/lightcone/nz.csv > lensing.csv

Each row: the cosmology, the plane, f_K(chi_i) in Mpc/h, the weights 3/2 Omega_m (H0/c)^2 (Lz/n_p) f_K(chi_i)/a(chi_i) q_b(chi_i) of
both bins, and the shares of their lensing weight beyond the box. q_b is by the trapezoid rule on the table's own redshifts.
"""
import sys
import numpy as np
from scipy.integrate import quad
from scipy.optimize import brentq

C_H0, LENGTH, PLANES = 2997.92458, 1500.0, 4
SETTINGS = [  # omega-m, w0, wa, omega-k
    (0.3089, -1, 0, 0), (0.3089, -1, 0, 0.3), (0.3089, -1, 0, -0.3), (0.28, -0.9, 0.3, 0.05), (0.35, -1.1, -0.2, -0.08),
    (0.3, -1, 0, 1e-9), (0.3, -1, 0, -1e-9)]
table = np.loadtxt(sys.argv[1], delimiter=",", skiprows=1)
z, bins = table[:, 0], table[:, 1:].T

print("omega_m,w0,wa,omega_k,plane,distance,weight0,weight1,beyond0,beyond1")
for om, w0, wa, ok in SETTINGS:
    def inverse_rate(x):  # 1 / E(z)
        a = 1 / (1 + x)
        dark = (1 - om - ok) * a ** (-3 * (1 + w0 + wa)) * np.exp(-3 * wa * (1 - a))
        return 1 / np.sqrt(om / a**3 + ok / a**2 + dark)

    def chi(x):
        return C_H0 * quad(inverse_rate, 0, x, epsabs=1e-13, epsrel=1e-12, limit=500)[0]

    def transverse(distance):
        root = np.sqrt(abs(ok)) / C_H0
        if ok == 0:
            return distance
        return np.sinh(root * distance) / root if ok > 0 else np.sin(root * distance) / root

    sources = np.array([chi(v) for v in z])

    def efficiency(n, distance):
        ratio = np.array([transverse(s - distance) / transverse(s) if s > distance else 0.0 for s in sources])
        return np.trapezoid(n * ratio, z) / np.trapezoid(n, z)

    def weight(n, x):  # d(lensing weight)/dz
        return transverse(chi(x)) * (1 + x) * efficiency(n, chi(x)) * C_H0 * inverse_rate(x)

    end = brentq(lambda x: chi(x) - LENGTH, 0, 20, xtol=1e-14)
    beyond = []
    for n in bins:
        near, far = (quad(lambda x: weight(n, x), a, b, epsrel=1e-5, limit=200)[0] for a, b in ((0, end), (end, z[-1])))
        beyond.append(far / (near + far))
    for plane in range(PLANES):
        distance = (plane + 0.5) * LENGTH / PLANES
        at = brentq(lambda x: chi(x) - distance, 0, 20, xtol=1e-14)
        front = 1.5 * om / C_H0**2 * LENGTH / PLANES * transverse(distance) * (1 + at)
        row = (om, w0, wa, ok, plane, transverse(distance), *(front * efficiency(n, distance) for n in bins), *beyond)
        print(",".join(repr(float(v)) for v in row))
