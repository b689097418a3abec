package org.halocline.sampler.model.nbody;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.halocline.cosmology.kernel.FixedPoint;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.cosmology.timeline.StepCoefficients;
import org.halocline.cosmology.timeline.Timeline;
import org.halocline.runtime.config.Range;
import org.halocline.runtime.config.Settings;
import org.halocline.sampler.model.input.NpyInput;
import org.halocline.sampler.model.input.Plausible;

/**
 * The block {@code simulation}, resolved.
 *
 * @param limit how far a particle may go, cells
 * @param units quanta of the particles
 * @param repeat how often {@code simulate} and {@code gradient} run, to be timed; the results are those of one run
 */
public record SimulationSettings(Mesh mesh, Timeline timeline, NoiseSource noise, DisplacementLimit limit,
    FixedPoint units, int repeat) {
  static final int LEAST_CELLS = 2;
  static final int MOST_CELLS = 8192;
  private static final double LONGEST_BOX = 1e6;
  static final double LARGEST_LIMIT = 1024;
  /** Finer than a 65536th of a cell; the largest displacement allowed leaves room for it. */
  private static final int LEAST_BITS = 16;

  /** What the block says by itself, before linear theory fills in the rest. */
  record Draft(Optional<List<Integer>> cells, Optional<Mesh> mesh, Optional<Timeline> timeline,
      Optional<NoiseSource> noise, Optional<DisplacementLimit> limit, double margin, int repeat, Settings block) {

    Optional<int[]> shape() {
      return cells.map(list -> list.stream().mapToInt(Integer::intValue).toArray());
    }
  }

  static Draft read(Settings block, NpyInput inputs) {
    Optional<List<Integer>> cells = block.requiredIntegers("mesh", 3, 3, LEAST_CELLS, MOST_CELLS);
    Optional<List<Double>> box = block.requiredNumbers("box-mpc-h", 3, 3,
        new Range(0, true, LONGEST_BOX, false, "a comoving side of the box, in Mpc/h"));
    Optional<Mesh> mesh = cells.isPresent() && box.isPresent()
        ? Optional.of(mesh(cells.get(), box.get()))
        : Optional.empty();
    Optional<Timeline> timeline = TimelineSettings.read(block, cells, box.map(sides -> sides.get(2)));
    Optional<NoiseSource> noise = noise(block, cells, inputs);
    Optional<DisplacementLimit> limit = block
        .numberOrNumbers("max-displacement", 3,
            new Range(0, true, LARGEST_LIMIT, false, "how far a particle may go along an axis, in cells"))
        .map(DisplacementLimit::of);
    double margin = block.number("displacement-margin", mesh.map(DisplacementLimit::defaultMargin).orElse(1.0),
        Range.between(1, 100));
    int repeat = block.integer("repeat", 1, 1, 1000);
    return new Draft(cells, mesh, timeline, noise, limit, margin, repeat, block);
  }

  private static Mesh mesh(List<Integer> cells, List<Double> box) {
    return new Mesh(cells.get(0), cells.get(1), cells.get(2), box.get(0), box.get(1), box.get(2));
  }

  private static Optional<NoiseSource> noise(Settings block, Optional<List<Integer>> cells, NpyInput inputs) {
    if (block.has("noise") && block.has("seed"))
      block.refuse("seed", "cannot stand beside noise", "keep one of the two");
    if (!block.has("noise"))
      return Optional.of(new NoiseSource.FromSeed(block.longInteger("seed", 1, Long.MIN_VALUE, Long.MAX_VALUE)));
    block.ignore("seed");
    Optional<Path> file = block.requiredInputFile("noise");
    if (file.isEmpty() || cells.isEmpty())
      return Optional.empty();
    int[] shape = cells.get().stream().mapToInt(Integer::intValue).toArray();
    return inputs.check(block, "noise", file.get(), shape, "the cells of simulation.mesh", Plausible.whiteNoise())
        .isPresent()
            ? Optional.of(new NoiseSource.FromFile(file.get()))
            : Optional.empty();
  }

  /** The block {@code simulation.fixed-point}: the quanta of the particles, chosen once and then part of the job. */
  static FixedPoint units(Settings block, DisplacementLimit limit, StepCoefficients coefficients) {
    FixedPoint chosen = FixedPoint.of(limit.largest(), coefficients.momentumGrowth());
    int bits = block.integer("displacement-bits", chosen.displacementBits(), LEAST_BITS, 24);
    if (Math.scalb(2 * limit.largest() + 2, bits) > 0x1p31)
      block.refuse("displacement-bits",
          "must leave room for displacements of " + limit.largest() + " cells, with a margin of two",
          "set it to " + chosen.displacementBits() + ", or leave it out");
    double momentum = block.number("momentum-quantum", chosen.momentum(), Range.between(0x1p-60, 1));
    if (Math.scalb(1.0, Math.getExponent(momentum)) != momentum) {
      block.refuse("momentum-quantum", "must be a power of two", "leave it out");
      momentum = chosen.momentum();
    }
    int mass = block.integer("mass-bits", chosen.massBits(), 8, 24);
    return new FixedPoint(Math.clamp(bits, LEAST_BITS, 24), momentum, Math.clamp(mass, 8, 24));
  }
}
