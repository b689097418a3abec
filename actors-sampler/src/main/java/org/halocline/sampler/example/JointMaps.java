package org.halocline.sampler.example;

import static org.halocline.sampler.ppl.Distributions.logNormal;
import static org.halocline.sampler.ppl.Distributions.normal;
import static org.halocline.sampler.ppl.Distributions.whiteNoise;

import org.halocline.cosmology.mesh.Mesh;
import org.halocline.runtime.config.Range;
import org.halocline.sampler.model.own.ModelInput;
import org.halocline.sampler.ppl.Model;
import org.halocline.sampler.ppl.Program;
import org.halocline.sampler.tape.Sharded;

/**
 * Two data sets of two grids that one white noise made: the density contrast δ in a box, in part of its cells, and its
 * projection along z, smoothed by a beam exp(−k² w²/2) of unknown width.
 *
 * <p>
 * Settings: {@code mesh} (cells and box), {@code density} and {@code mask} (npy files of the mesh; a mask is 1 where a
 * cell was seen, 0 elsewhere), {@code map} (an npy file of (nx, ny)), {@code sigma-density}, {@code sigma-map},
 * {@code tilt}, {@code pivot}.
 */
public final class JointMaps implements Model {
  private final Mesh mesh;
  private final Mesh sky;
  private final Sharded density;
  private final Sharded mask;
  private final Sharded map;
  private final double sigmaDensity;
  private final double sigmaMap;
  private final double tilt;
  private final double pivot;

  public JointMaps(ModelInput input) {
    mesh = input.mesh("mesh");
    sky = input.known(ModelInput.sky(mesh.nx(), mesh.ny(), mesh.lxMpcH(), mesh.lyMpcH()));
    density = input.field("density", mesh);
    mask = input.field("mask", mesh);
    map = input.field("map", sky);
    sigmaDensity = input.number("sigma-density", 1, Range.positive());
    sigmaMap = input.number("sigma-map", 1, Range.positive());
    tilt = input.number("tilt", -1, Range.between(-4, 4));
    pivot = input.number("pivot", 1, Range.positive());
  }

  @Override
  public void run(Program p) {
    var amplitude = p.sample("amplitude", logNormal(0, 0.5));
    var width = p.sample("width", logNormal(0, 0.5));
    var z = p.sample("z", whiteNoise(mesh));
    var delta = p.deterministic("delta",
        z.fourier().filter(k -> k.dividedBy(pivot).pow(tilt / 2).times(amplitude)).real());
    p.observe("density", normal(delta.times(mask), sigmaDensity), p.constant(density).times(mask));
    var column = p.scattered(delta.projected(), sky).dividedBy((double) mesh.nz());
    var beam = column.fourier().filter(k -> k.times(width).square().times(-0.5).exp(), 1).real();
    p.observe("map", normal(p.deterministic("smooth", beam), sigmaMap), map);
  }
}
