package org.halocline.domain.job;

import java.nio.file.Path;
import java.util.Optional;
import org.halocline.runtime.config.Range;
import org.halocline.runtime.config.Settings;

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

  private static final Range NOISE = new Range(0, true, 1e6, false);

  /** Reads the block and looks into its file; empty where a problem was noted. */
  static Optional<DataSettings> read(Settings block, Optional<LensingSettings> lensing, boolean lensingAsked,
      Optional<int[]> meshShape, NpyInput inputs) {
    Optional<Path> truth = block.inputFile("truth");
    boolean map = block.has("map");
    boolean density = block.has("density");
    if (map && density) {
      block.refuse("density", "cannot stand beside map", "keep one of the two");
      block.ignore("map");
      block.ignore("density");
      noteMapNoise(block);
      block.ignore("sigma");
      return Optional.empty();
    }
    if (density)
      return density(block, meshShape, truth, inputs);
    if (!map)
      block.refuse("map", "is missing, and so is density",
          "name an npy file of the observed convergence, or of a density");
    return map(block, lensing, lensingAsked, truth, inputs);
  }

  private static Optional<DataSettings> density(Settings block, Optional<int[]> shape, Optional<Path> truth,
      NpyInput inputs) {
    Optional<Path> file = block.requiredInputFile("density");
    Optional<Double> sigma = block.requiredNumber("sigma", NOISE);
    boolean good = file.isPresent() && shape.isPresent() && inputs.check(block, "density", file.get(), shape.get(),
        "the cells of simulation.mesh");
    return good && sigma.isPresent()
        ? Optional.of(new DataSettings(Observed.DENSITY, file.get(), sigma.get(), truth))
        : Optional.empty();
  }

  private static Optional<DataSettings> map(Settings block, Optional<LensingSettings> lensing, boolean lensingAsked,
      Optional<Path> truth, NpyInput inputs) {
    Optional<Path> file = block.inputFile("map");
    if (block.has("map") && !lensingAsked)
      block.refuse("map", "needs the block lensing, which says what the map shows",
          "give lensing { field-of-view-deg, pixels, sources }");
    Optional<Double> sigma = mapNoise(block, lensing);
    boolean good = file.isPresent() && lensing.isPresent() && inputs.check(block, "map", file.get(),
        lensing.get().mapShape(), "the bins of lensing.sources and lensing.pixels");
    return good && sigma.isPresent()
        ? Optional.of(new DataSettings(Observed.CONVERGENCE, file.get(), sigma.get(), truth))
        : Optional.empty();
  }

  /** sigma-pixel, or σ_e/√(galaxies a bin and pixel). */
  private static Optional<Double> mapNoise(Settings block, Optional<LensingSettings> lensing) {
    if (block.has("sigma-pixel")) {
      if (block.has("galaxies-per-arcmin2") || block.has("sigma-e"))
        block.refuse("sigma-pixel", "cannot stand beside galaxies-per-arcmin2 and sigma-e", "keep one of the two ways");
      block.ignore("galaxies-per-arcmin2");
      block.ignore("sigma-e");
      return block.number("sigma-pixel", NOISE);
    }
    if (!block.has("galaxies-per-arcmin2") && !block.has("sigma-e"))
      return block.requiredNumber("sigma-pixel", NOISE);
    Optional<Double> galaxies = block.requiredNumber("galaxies-per-arcmin2", new Range(0, true, 1e6, false));
    Optional<Double> shape = block.requiredNumber("sigma-e", NOISE);
    if (galaxies.isEmpty() || shape.isEmpty() || lensing.isEmpty())
      return Optional.empty();
    double aPixel = galaxies.get() / lensing.get().sources().bins() * lensing.get().pixelAreaArcmin2();
    return Optional.of(shape.get() / Math.sqrt(aPixel));
  }

  private static void noteMapNoise(Settings block) {
    block.ignore("sigma-pixel");
    block.ignore("galaxies-per-arcmin2");
    block.ignore("sigma-e");
  }
}
