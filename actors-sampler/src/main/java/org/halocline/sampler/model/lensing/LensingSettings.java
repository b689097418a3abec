package org.halocline.sampler.model.lensing;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.halocline.cosmology.lensing.BadSourcesException;
import org.halocline.cosmology.lensing.Distance;
import org.halocline.cosmology.lensing.LensingKernel;
import org.halocline.cosmology.lensing.PlaneWeights;
import org.halocline.cosmology.lensing.SourceTable;
import org.halocline.cosmology.lensing.Sources;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.cosmology.theta.LimitException;
import org.halocline.cosmology.theta.Theta;
import org.halocline.cosmology.timeline.Edges;
import org.halocline.cosmology.timeline.Timeline;
import org.halocline.runtime.config.Problem;
import org.halocline.runtime.config.Range;
import org.halocline.runtime.config.Settings;

/**
 * The block {@code lensing}: a square map and its source galaxies.
 *
 * @param sourcesFile where {@code sources} were read
 * @param allowTruncatedSources lensing weight beyond the box is accepted
 * @param distance what the distances of planes and sources are in curved space
 */
public record LensingSettings(double fieldOfViewDeg, int pixels, Path sourcesFile, Sources sources,
    boolean allowTruncatedSources, Distance distance) {
  /** Share of a bin's lensing weight that may lie beyond the box. */
  private static final double TRUNCATED_SHARE = 0.01;

  private static final double ARCMIN_A_DEGREE = 60;
  private static final int MOST_PIXELS = 16384;
  /** Numbers of one map, all bins: arrays of doubles and their sizes stay well within what a JVM can hold. */
  private static final int MOST_NUMBERS = 1 << 28;
  private static final double WIDEST_DEG = 90;

  /**
   * Reads the block; empty where a problem was noted. What had to be found out about the table is told in
   * {@code notes}.
   */
  public static Optional<LensingSettings> read(Settings block, List<String> notes) {
    Optional<Double> field = block.requiredNumber("field-of-view-deg",
        new Range(0, true, WIDEST_DEG, false, "the side of the square map, in degrees"));
    Optional<Integer> pixels = block.requiredInteger("pixels", 1, MOST_PIXELS);
    Optional<Path> file = block.requiredInputFile("sources");
    boolean allow = block.flag("allow-truncated-sources", false);
    Distance distance = block.choice("distance", Distance.class, Distance.TRANSVERSE);
    Optional<Sources> sources = file.flatMap(path -> sources(block, path, notes));
    if (field.isEmpty() || pixels.isEmpty() || sources.isEmpty())
      return Optional.empty();
    long numbers = (long) sources.get().bins() * pixels.get() * pixels.get();
    if (numbers > MOST_NUMBERS) {
      block.problem("pixels", pixels.get().toString(), "with " + sources.get().bins() + " bins makes " + numbers
          + " numbers, more than " + MOST_NUMBERS, "take fewer pixels or bins");
      return Optional.empty();
    }
    return Optional.of(new LensingSettings(field.get(), pixels.get(), file.get(), sources.get(), allow, distance));
  }

  private static Optional<Sources> sources(Settings block, Path path, List<String> notes) {
    try {
      SourceTable table = SourceTable.read(path);
      if (!table.plain())
        notes.add("n(z) of " + path.getFileName() + ": " + table.understood());
      return Optional.of(table.sources());
    } catch (BadSourcesException bad) {
      block.problem("sources", "\"" + path.getFileName() + "\"", bad.getMessage(), "correct the table");
      return Optional.empty();
    }
  }

  /** The lensing efficiencies of a light cone; empty for other simulations. */
  public Optional<LensingKernel> kernel(Timeline timeline) {
    return timeline.edges() instanceof Edges.LightCone(int _, int planes, double length)
        ? Optional.of(new LensingKernel(sources, planes, length, distance))
        : Optional.empty();
  }

  /**
   * Notes what speaks against a light cone at a point θ.
   *
   * @param found the planes' weights there
   * @param job the top of the job
   * @param warnings is given what is legal but worth saying
   */
  public void check(LensingKernel kernel, PlaneWeights found, Theta theta, Mesh mesh, Settings job,
      List<String> warnings) {
    checkTruncation(kernel, theta, job, warnings);
    checkNearest(kernel, found, job.block("lensing"));
    checkFieldOfView(kernel, theta, mesh, warnings);
  }

  private void checkTruncation(LensingKernel kernel, Theta theta, Settings job, List<String> warnings) {
    double[] share;
    try {
      share = kernel.truncatedShare(theta);
    } catch (LimitException limit) {
      job.problem(new Problem(limit.quantity(), Double.toString(limit.value()), "must be " + limit.bound(),
          "change " + limit.key()));
      return;
    }
    for (int bin = 0; bin < share.length; bin++)
      if (share[bin] > TRUNCATED_SHARE) {
        String percent = String.format(Locale.ROOT, "%.1f%%", 100 * share[bin]);
        if (allowTruncatedSources)
          warnings.add(percent + " of the lensing weight of source bin " + bin + " lies beyond the box");
        else
          job.block("lensing").problem("sources", "bin " + bin,
              "has " + percent + " of its lensing weight beyond the box, more than 1%",
              "lengthen simulation.box-mpc-h along z, or set lensing.allow-truncated-sources = true");
      }
  }

  /** A bin whose sources all lie before the middle of the first plane has a map of zeros for any parameters. */
  private static void checkNearest(LensingKernel kernel, PlaneWeights found, Settings block) {
    double[] weights = found.weights();
    for (int bin = 0; bin < kernel.bins(); bin++) {
      int first = bin * kernel.planes();
      if (IntStream.range(first, first + kernel.planes()).allMatch(i -> weights[i] == 0))
        block.problem("sources", "bin " + bin,
            "has no sources beyond the middle of the first plane, " + (float) kernel.planeDistanceMpcH(0)
                + " Mpc/h away: nothing lenses them",
            "take more planes, or leave the bin out of table and map");
    }
  }

  private void checkFieldOfView(LensingKernel kernel, Theta theta, Mesh mesh, List<String> warnings) {
    double widest;
    try {
      widest = fieldOfViewRad() * kernel.transverseMpcH(theta, mesh.lzMpcH());
    } catch (LimitException limit) {
      return; // closed space ends in the last plane, where the box is as narrow as it gets
    }
    if (widest > mesh.lxMpcH() || widest > mesh.lyMpcH())
      warnings.add(String.format(Locale.ROOT,
          "the field of view is %.0f Mpc/h wide at the far end of a box of %.0f × %.0f Mpc/h: it sees the box "
              + "repeated",
          widest, mesh.lxMpcH(), mesh.lyMpcH()));
  }

  public double fieldOfViewRad() {
    return fieldOfViewDeg * (StrictMath.PI / 180);
  }

  /** Of one pixel. */
  public double pixelAreaArcmin2() {
    double side = fieldOfViewDeg * ARCMIN_A_DEGREE / pixels;
    return side * side;
  }

  /** Shape of the convergence: bins, pixels, pixels. */
  public int[] mapShape() {
    return new int[]{sources.bins(), pixels, pixels};
  }
}
