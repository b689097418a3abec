package org.halocline.sampler.example;

import static org.halocline.sampler.ppl.Distributions.normal;
import static org.halocline.sampler.ppl.Distributions.whiteNoise;

import org.halocline.cosmology.mesh.Mesh;
import org.halocline.runtime.config.Range;
import org.halocline.sampler.model.own.ModelInput;
import org.halocline.sampler.ppl.Model;
import org.halocline.sampler.ppl.Program;
import org.halocline.sampler.tape.Sharded;

/**
 * A Gaussian field of unknown amplitude A and tilt n, seen with white Gaussian noise: each mode of d has the variance N
 * (A² (k/k₀)ⁿ + σ²), N being the number of cells. The posterior of log A and n is known in closed form but for a sum
 * over modes.
 *
 * <p>
 * Settings: {@code sky} or {@code mesh} (cells and box), {@code data} (an npy file), {@code sigma}, {@code pivot} (k₀).
 */
public final class GaussianField implements Model {
  private final Mesh grid;
  private final Sharded data;
  private final double sigma;
  private final double pivot;

  public GaussianField(ModelInput input) {
    grid = input.has("mesh") ? input.mesh("mesh") : input.sky("sky");
    data = input.field("data", grid);
    sigma = input.number("sigma", 1, Range.positive());
    pivot = input.number("pivot", 1, Range.positive());
  }

  @Override
  public void run(Program p) {
    var logAmplitude = p.sample("log_amplitude", normal(0, 1));
    var tilt = p.sample("tilt", normal(-1, 0.5));
    var z = p.sample("z", whiteNoise(grid));
    var field = z.fourier()
        .filter(k -> k.dividedBy(pivot).log().times(tilt.times(0.5)).plus(logAmplitude).exp())
        .real();
    p.observe("data", normal(p.deterministic("field", field), sigma), data);
  }
}
