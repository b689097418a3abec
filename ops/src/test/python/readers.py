"""What other programs read in a run's folder, beside what its table says: readers.py README (in the folder of the run)."""

import json
import re
import sys

# The lines of Python in the README, as a user would type them.
readme = open(sys.argv[1], encoding="utf-8").read()
exec(re.search(r"```python\n(.*?)```", readme, re.S).group(1))

summary = json.load(open("summary.json"), parse_constant=lambda name: sys.exit(name + " is not JSON"))
fit = cmdstanpy.from_csv(["chain-0.csv", "chain-1.csv"])
diverged = fit.method_variables()["divergent__"][-50:]  # [draw, chain], the warm-up first where it was saved
assert diverged.sum() == summary["divergences"] > 0, (diverged, summary["divergences"])
assert list(fit.divergences) == list(diverged[1:].sum(axis=0)), fit.divergences  # it leaves each chain's first draw out
assert fit.max_treedepths.sum() == 0 and fit.chains == 2 and fit.num_draws_sampling == 50
assert fit.step_size.shape == (2,) and fit.metric_type == "dense_e", fit.metric_type
assert int(draws.sample_stats["diverging"][:, -50:].sum()) == summary["divergences"]
for name, row in summary["parameters"].items():
    assert draws.posterior[name].shape == (2, 50)
    means = [float(draws.posterior[name].mean()), samples.mean(name), fit.stan_variable(name).mean()]
    assert np.allclose(means, row["mean"], rtol=1e-12), (name, means, row)
    assert np.isclose(float(arviz.rhat(draws)[name]), row["r-hat"], rtol=1e-9), name
assert [p.name for p in samples.getParamNames().names] == list(summary["parameters"])
assert samples.getParamNames().parWithName("omega_k").label == "\\Omega_k"
assert samples.ranges.getLower("omega_k") == -0.5 and samples.ranges.getUpper("omega_k") == 0.5
assert z.shape == (6, 6, 8) and z.dtype == np.float32 and kappa.shape == (2, 4, 4)
print("read")
