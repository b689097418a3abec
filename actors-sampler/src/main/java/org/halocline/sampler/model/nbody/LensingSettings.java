package org.halocline.sampler.model.nbody;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.halocline.cosmology.lensing.BadSourcesException;
import org.halocline.cosmology.lensing.Distance;
import org.halocline.cosmology.lensing.SourceTable;
import org.halocline.cosmology.lensing.Sources;
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
  public static final double TRUNCATED_SHARE = 0.01;

  private static final double ARCMIN_A_DEGREE = 60;
  private static final int MOST_PIXELS = 16384;
  /** Numbers of one map, all bins: arrays of doubles and their sizes stay well within what a JVM can hold. */
  private static final int MOST_NUMBERS = 1 << 28;
  private static final double WIDEST_DEG = 90;

  /**
   * Reads the block; empty where a problem was noted. What had to be found out about the table is told in
   * {@code notes}.
   */
  static Optional<LensingSettings> read(Settings block, List<String> notes) {
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
