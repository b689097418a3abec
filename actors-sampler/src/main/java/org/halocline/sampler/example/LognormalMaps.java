package org.halocline.sampler.example;

import static org.halocline.sampler.ppl.Distributions.normal;
import static org.halocline.sampler.ppl.Distributions.uniform;
import static org.halocline.sampler.ppl.Distributions.whiteNoise;

import java.util.List;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.runtime.config.Range;
import org.halocline.sampler.model.own.ModelInput;
import org.halocline.sampler.ppl.Model;
import org.halocline.sampler.ppl.Program;
import org.halocline.sampler.tape.Sharded;

/**
 * Two shifted log-normal maps of one sky, correlated between the bins: κᵢ = sᵢ (exp(gᵢ) / ⟨exp(gᵢ)⟩ − 1) with Gaussian
 * maps g of the powers A² (k/k₀)ⁿ and their correlation ρ, seen with Gaussian noise.
 *
 * <p>
 * Settings: {@code sky} (cells and box), {@code first} and {@code second} (npy files), {@code sigma}, {@code shift}
 * (two numbers s), {@code tilt} (n), {@code pivot} (k₀).
 */
public final class LognormalMaps implements Model {
  private final Mesh sky;
  private final List<Sharded> maps;
  private final double sigma;
  private final double[] shift;
  private final double tilt;
  private final double pivot;

  public LognormalMaps(ModelInput input) {
    sky = input.sky("sky");
    maps = List.of(input.field("first", sky), input.field("second", sky));
    sigma = input.number("sigma", 0.1, Range.positive());
    shift = input.numbers("shift", 2, 2, Range.positive());
    tilt = input.number("tilt", -2, Range.between(-4, 4));
    pivot = input.number("pivot", 1, Range.positive());
  }

  @Override
  public void run(Program p) {
    var amplitude = p.sample("amplitude", uniform(0.05, 1));
    var correlation = p.sample("correlation", uniform(-0.99, 0.99));
    var own = correlation.square().negate().plus(1).sqrt();
    List<Sharded> noise = List.of(p.sample("z1", whiteNoise(sky)).fourier(), p.sample("z2", whiteNoise(sky)).fourier());
    // The Cholesky factor of the correlation, times the root of the power.
    var maps = Sharded.mix(noise, List.of(
        List.of(k -> k.dividedBy(pivot).pow(tilt / 2).times(amplitude), k -> k.times(0)),
        List.of(k -> k.dividedBy(pivot).pow(tilt / 2).times(amplitude).times(correlation),
            k -> k.dividedBy(pivot).pow(tilt / 2).times(amplitude).times(own))),
        0);
    for (int bin = 0; bin < 2; bin++) {
      var exponential = maps.get(bin).real().exp();
      var kappa = exponential.dividedBy(exponential.mean()).minus(1).times(shift[bin]);
      p.observe("map" + (bin + 1), normal(p.deterministic("kappa" + (bin + 1), kappa), sigma), this.maps.get(bin));
    }
  }
}
