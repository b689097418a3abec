"""Writes densities.csv and quantiles.csv beside it: log densities and their derivatives to 50 digits by mpmath, each
checked against scipy, and scipy's quantiles. Needs mpmath and scipy; made with 1.3.0 and 1.17.1."""
import csv, math, pathlib
import mpmath as mp
from scipy import stats

mp.mp.dps = 50
log, pi, lg = mp.log, mp.pi, mp.loggamma
HERE = pathlib.Path(__file__).parent


def beta_log(a, b):
    return lg(a) + lg(b) - lg(a + b)


# name: (log density by x and parameters, scipy's distribution of the parameters, parameters, places)
REAL = {
    "normal": (lambda x, m, s: -((x - m) / s) ** 2 / 2 - log(s) - log(2 * pi) / 2,
               lambda m, s: stats.norm(m, s), [(0, 1), (-2, 0.3)], [-40, -2.1, 0, 0.7, 1e3]),
    "half-normal": (lambda x, s: log(2) - (x / s) ** 2 / 2 - log(s) - log(2 * pi) / 2,
                    lambda s: stats.halfnorm(0, s), [(1,), (7.5,)], [1e-8, 0.3, 4, 60]),
    "log-normal": (lambda x, m, s: -((log(x) - m) / s) ** 2 / 2 - log(s) - log(x) - log(2 * pi) / 2,
                   lambda m, s: stats.lognorm(s, 0, math.exp(m)), [(0, 1), (0.4, 2)], [1e-9, 0.3, 4, 1e5]),
    "cauchy": (lambda x, m, s: -log(pi) - log(s) - mp.log1p(((x - m) / s) ** 2),
               lambda m, s: stats.cauchy(m, s), [(0, 1), (3, 0.2)], [-1e6, -3, 0.1, 5, 1e12]),
    "half-cauchy": (lambda x, s: log(2) - log(pi) - log(s) - mp.log1p((x / s) ** 2),
                    lambda s: stats.halfcauchy(0, s), [(1,), (5,)], [1e-9, 0.3, 4, 1e9]),
    "student-t": (lambda x, n, m, s: lg((n + 1) / 2) - lg(n / 2) - log(n * pi) / 2 - log(s)
                  - (n + 1) / 2 * mp.log1p(((x - m) / s) ** 2 / n),
                  lambda n, m, s: stats.t(n, m, s), [(1, 0, 1), (3.5, 1, 2), (99, -1, 1), (130, 0, 1), (5000, 0, 2)],
                  [-1e5, -3, 0.1, 5, 40]),
    "exponential": (lambda x, r: log(r) - r * x, lambda r: stats.expon(0, 1 / r), [(1,), (0.02,)],
                    [1e-9, 0.3, 4, 900]),
    "gamma": (lambda x, a, r: a * log(r) + (a - 1) * log(x) - r * x - lg(a),
              lambda a, r: stats.gamma(a, 0, 1 / r), [(0.2, 1), (1, 3), (4.5, 0.5), (800, 20)],
              [1e-12, 0.3, 4, 40, 300]),
    "inverse-gamma": (lambda x, a, s: a * log(s) - (a + 1) * log(x) - s / x - lg(a),
                      lambda a, s: stats.invgamma(a, 0, s), [(0.2, 1), (3, 2), (90, 30)], [0.02, 0.3, 4, 1e6]),
    "beta": (lambda x, a, b: (a - 1) * log(x) + (b - 1) * mp.log1p(-x) - beta_log(a, b),
             lambda a, b: stats.beta(a, b), [(0.5, 0.5), (1, 3), (300, 20)], [1e-12, 0.3, 0.999]),
    "laplace": (lambda x, m, s: -abs(x - m) / s - log(2 * s), lambda m, s: stats.laplace(m, s), [(0, 1), (-2, 0.3)],
                [-40, -2.1, 0.1, 700]),
}
COUNT = {
    "poisson": (lambda n, r: n * log(r) - r - lg(n + 1), lambda r: stats.poisson(r), [(0.01,), (3.5,), (1e5,)],
                [0, 1, 7, 100000]),
    "binomial": (lambda k, n, p: lg(n + 1) - lg(k + 1) - lg(n - k + 1) + k * log(p) + (n - k) * mp.log1p(-p),
                 lambda n, p: stats.binom(int(n), p), [(7, 0.3), (7, 1e-9), (1000, 0.999)], [0, 1, 7]),
}


def close(a, b):
    return abs(a - b) <= 1e-9 * max(1, abs(b))


with open(HERE / "densities.csv", "w", newline="") as out:
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(["distribution", "parameters", "x", "log_density", "by_x", "by_parameters"])
    for name, (density, known, all_parameters, places) in {**REAL, **COUNT}.items():
        for parameters in all_parameters:
            for x in places:
                args = [mp.mpf(x)] + [mp.mpf(p) for p in parameters]
                found = density(*args)
                scipy = known(*parameters).logpmf(x) if name in COUNT else known(*parameters).logpdf(x)
                if not close(float(found), scipy):
                    print("scipy differs", name, parameters, x, float(found), scipy)
                    assert abs(float(found) - scipy) < 1e-6 * abs(scipy)
                slopes = []
                for i in range(len(args)):
                    if name in COUNT and i == 0 or name == "binomial" and i == 1:
                        slopes.append(mp.mpf(0))
                        continue
                    step = args[i] if args[i] != 0 else mp.mpf(1)
                    slopes.append(mp.diff(lambda v: density(*args[:i], v, *args[i + 1:]), args[i],
                                          h=abs(step) * mp.mpf(10) ** -20))
                rows.writerow([name, " ".join(map(repr, map(float, parameters))), repr(float(x)), repr(float(found)),
                               repr(float(slopes[0])), " ".join(repr(float(s)) for s in slopes[1:])])

with open(HERE / "quantiles.csv", "w", newline="") as out:
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(["distribution", "parameters", "probability", "x"])
    for name, (_, known, all_parameters, _) in REAL.items():
        for parameters in all_parameters:
            for probability in [0.02, 0.3, 0.5, 0.9, 0.99]:
                rows.writerow([name, " ".join(map(repr, map(float, parameters))), probability,
                               repr(float(known(*parameters).ppf(probability)))])

with open(HERE / "vectors.csv", "w", newline="") as out:
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(["distribution", "parameters", "x", "log_density"])
    words = lambda numbers: " ".join(repr(float(n)) for n in numbers)
    for alpha, x in [((1, 1, 1), (0.2, 0.3, 0.5)), ((0.5, 2, 7), (0.01, 0.29, 0.7)), ((30, 20), (0.6, 0.4))]:
        rows.writerow(["dirichlet", words(alpha), words(x), repr(float(stats.dirichlet(alpha).logpdf(x)))])
    covariance = [[2.0, 0.6, -0.3], [0.6, 1.0, 0.2], [-0.3, 0.2, 0.5]]
    for x in [(0, 0, 0), (1.5, -2, 0.4), (30, 10, -20)]:
        rows.writerow(["multivariate-normal", words(sum(covariance, [])), words(x),
                       repr(float(stats.multivariate_normal((0.5, -1, 0), covariance).logpdf(x)))])
