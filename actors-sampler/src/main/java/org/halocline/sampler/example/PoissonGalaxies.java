package org.halocline.sampler.example;

import static org.halocline.sampler.ppl.Distributions.logNormal;
import static org.halocline.sampler.ppl.Distributions.normal;
import static org.halocline.sampler.ppl.Distributions.poisson;
import static org.halocline.sampler.ppl.Distributions.whiteNoise;

import org.halocline.cosmology.mesh.Mesh;
import org.halocline.runtime.config.Range;
import org.halocline.sampler.model.own.ModelInput;
import org.halocline.sampler.ppl.Model;
import org.halocline.sampler.ppl.Program;
import org.halocline.sampler.tape.Sharded;

/**
 * Counts of galaxies in the cells of a box: Poisson numbers about n̄ (1 + b δ), with a linear bias b and a Gaussian
 * density contrast δ of the power A² (k/k₀)ⁿ. Where 1 + b δ falls below a floor, the floor stands.
 *
 * <p>
 * Settings: {@code mesh} (cells and box), {@code counts} (an npy file), {@code amplitude}, {@code tilt}, {@code pivot},
 * {@code floor}.
 */
public final class PoissonGalaxies implements Model {
  private final Mesh mesh;
  private final Sharded counts;
  private final double amplitude;
  private final double tilt;
  private final double pivot;
  private final double floor;

  public PoissonGalaxies(ModelInput input) {
    mesh = input.mesh("mesh");
    counts = input.counts("counts", mesh);
    amplitude = input.number("amplitude", 0.3, Range.positive());
    tilt = input.number("tilt", -1, Range.between(-4, 4));
    pivot = input.number("pivot", 1, Range.positive());
    floor = input.number("floor", 0.01, Range.between(1e-6, 1));
  }

  @Override
  public void run(Program p) {
    var bias = p.sample("bias", normal(1, 0.5));
    var mean = p.sample("mean", logNormal(1, 1));
    var z = p.sample("z", whiteNoise(mesh));
    var delta = p.deterministic("delta",
        z.fourier().filter(k -> k.dividedBy(pivot).pow(tilt / 2).times(amplitude)).real());
    var rate = delta.times(bias).plus(1).max(floor).times(mean);
    p.observe("counts", poisson(rate), counts);
  }
}
