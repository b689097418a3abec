package org.halocline.sampler.model.input;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.halocline.runtime.config.Range;
import org.halocline.runtime.config.Settings;
import org.halocline.sampler.model.lensing.LensingSettings;

/**
 * The block {@code data}: what was observed, with Gaussian noise of {@code sigma} a pixel or cell.
 *
 * @param truth what made mock data, if named
 */
public record DataSettings(Observed observed, Path file, double sigma, Optional<Path> truth) {

  /** What an observation is of. */
  public enum Observed {
    /** The convergence, [bin][x pixel][y pixel]. */
    CONVERGENCE,
    /** The final density, mean 1, [x][y][z]. */
    DENSITY
  }

  /** Below the least σ the simulation's own rounding in float32 is larger. */
  private static final Range SIGMA = new Range(1e-8, false, 1e6, false);
  private static final Range OF_PIXEL = SIGMA.of("the standard deviation of the noise of κ in a pixel of any one bin");
  private static final Range OF_CELL = SIGMA.of("the standard deviation of the noise in a cell, in mean densities");
  private static final Range GALAXIES = new Range(0, true, 1e6, false, "galaxies of all source bins together");
  private static final Range SHAPES = new Range(0, true, 1e6, false,
      "the scatter of one component of a galaxy's ellipticity");

  /** Derived, for the reader of the resolved job. */
  private static final String EACH_GALAXIES = "galaxies-per-arcmin2-of-each-bin";
  private static final String EACH_SIGMA = "sigma-pixel-of-each-bin";
  private static final double DROWNED = 1000;
  private static final double FLOAT_ROUNDING = 0x1p-24;
  /** Where σ itself is wrong only numbers that are not finite are found. */
  private static final double UNKNOWN = 1e300;

  /** Reads the block and looks into its file; empty where a problem was noted. */
  public static Optional<DataSettings> read(Settings block, Optional<LensingSettings> lensing, boolean lensingAsked,
      Optional<int[]> meshShape, NpyInput inputs, List<String> notes) {
    Optional<Path> truth = block.inputFile("truth");
    boolean map = block.has("map");
    boolean density = block.has("density");
    if (map && density) {
      block.refuse("density", "cannot stand beside map", "keep one of the two");
      List.of("map", "density", "sigma", "sigma-pixel", "galaxies-per-arcmin2", "sigma-e", EACH_GALAXIES, EACH_SIGMA)
          .forEach(block::ignore);
      return Optional.empty();
    }
    if (density)
      return density(block, meshShape, truth, inputs, notes);
    if (!map)
      block.refuse("map", "is missing, and so is density",
          "name an npy file of the observed convergence, or of a density");
    return map(block, lensing, lensingAsked, truth, inputs, notes);
  }

  private static Optional<DataSettings> density(Settings block, Optional<int[]> shape, Optional<Path> truth,
      NpyInput inputs, List<String> notes) {
    Optional<Path> file = block.requiredInputFile("density");
    Optional<Double> sigma = block.requiredNumber("sigma", OF_CELL);
    if (file.isEmpty() || shape.isEmpty())
      return Optional.empty();
    long cells = Arrays.stream(shape.get()).asLongStream().reduce(1, (a, b) -> a * b);
    OptionalDouble largest = inputs.check(block, "density", file.get(), shape.get(), "the cells of simulation.mesh",
        Plausible.density(sigma.orElse(UNKNOWN), cells));
    return settings(block, Observed.DENSITY, file.get(), sigma, "sigma", largest, truth, notes);
  }

  private static Optional<DataSettings> map(Settings block, Optional<LensingSettings> lensing, boolean lensingAsked,
      Optional<Path> truth, NpyInput inputs, List<String> notes) {
    Optional<Path> file = block.inputFile("map");
    if (block.has("map") && !lensingAsked)
      block.refuse("map", "needs the block lensing, which says what the map shows",
          "give lensing { field-of-view-deg, pixels, sources }");
    Optional<Double> sigma = mapNoise(block, lensing);
    if (file.isEmpty() || lensing.isEmpty())
      return Optional.empty();
    OptionalDouble largest = inputs.check(block, "map", file.get(), lensing.get().mapShape(),
        "the bins of lensing.sources and lensing.pixels", Plausible.convergence(sigma.orElse(UNKNOWN)));
    return settings(block, Observed.CONVERGENCE, file.get(), sigma, block.has("sigma-e") ? "sigma-e" : "sigma-pixel",
        largest, truth, notes);
  }

  /** Data whose largest value leaves ½χ² without meaning are refused: float32 cannot resolve σ beside it. */
  private static Optional<DataSettings> settings(Settings block, Observed observed, Path file, Optional<Double> sigma,
      String key, OptionalDouble largest, Optional<Path> truth, List<String> notes) {
    if (sigma.isEmpty() || largest.isEmpty())
      return Optional.empty();
    double least = largest.getAsDouble() * FLOAT_ROUNDING;
    if (sigma.get() < least)
      block.refuse(key,
          "makes a noise of " + sigma.get() + " a value, less than float32 resolves beside the largest of "
              + file.getFileName() + ", " + largest.getAsDouble(),
          "give at least " + least + ", or check the data");
    if (largest.getAsDouble() > 0 && sigma.get() > DROWNED * largest.getAsDouble())
      notes.add("the noise of " + block.fullKey(key) + ", " + sigma.get() + " a value, is more than " + (int) DROWNED
          + " times the largest of " + file.getFileName() + ", " + largest.getAsDouble() + ": the data say nothing");
    return Optional.of(new DataSettings(observed, file, sigma.get(), truth));
  }

  /**
   * sigma-pixel, or σ_e/√(galaxies a bin and pixel): the galaxies of all bins are shared out equally, and σ_e is of one
   * component of the ellipticity (Kaiser and Squires 1993: κ has the noise of one component).
   */
  private static Optional<Double> mapNoise(Settings block, Optional<LensingSettings> lensing) {
    if (block.has("sigma-pixel")) {
      if (block.has("galaxies-per-arcmin2") || block.has("sigma-e"))
        block.refuse("sigma-pixel", "cannot stand beside galaxies-per-arcmin2 and sigma-e", "keep one of the two ways");
      block.ignore("galaxies-per-arcmin2");
      block.ignore("sigma-e");
      return block.number("sigma-pixel", OF_PIXEL);
    }
    if (!block.has("galaxies-per-arcmin2") && !block.has("sigma-e"))
      return block.requiredNumber("sigma-pixel", OF_PIXEL);
    Optional<Double> galaxies = block.requiredNumber("galaxies-per-arcmin2", GALAXIES);
    Optional<Double> shape = block.requiredNumber("sigma-e", SHAPES);
    if (galaxies.isEmpty() || shape.isEmpty() || lensing.isEmpty()) {
      block.ignore(EACH_GALAXIES);
      block.ignore(EACH_SIGMA);
      return Optional.empty();
    }
    double ofBin = galaxies.get() / lensing.get().sources().bins();
    double sigma = shape.get() / Math.sqrt(ofBin * lensing.get().pixelAreaArcmin2());
    String from = "follows from galaxies-per-arcmin2 (of all bins together), sigma-e (of one component), "
        + "the number of bins and the pixels";
    block.follow(EACH_GALAXIES, ofBin, from);
    block.follow(EACH_SIGMA, sigma, from);
    if (!SIGMA.contains(sigma))
      block.refuse("sigma-e", "makes a noise of " + sigma + " a pixel and bin, which " + SIGMA.bound(),
          "check sigma-e and galaxies-per-arcmin2");
    return Optional.of(sigma).filter(SIGMA::contains);
  }
}
