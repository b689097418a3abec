package org.halocline.sampler.model.own;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.halocline.cosmology.kernel.Field;
import org.halocline.cosmology.mesh.Block;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.cosmology.npy.BadNpyException;
import org.halocline.cosmology.npy.NpyFile;
import org.halocline.runtime.config.Range;
import org.halocline.runtime.config.Settings;
import org.halocline.sampler.model.Reading;
import org.halocline.sampler.model.Use;
import org.halocline.sampler.model.input.FieldFile;
import org.halocline.sampler.model.input.NpyInput;
import org.halocline.sampler.model.input.Plausible;
import org.halocline.sampler.tape.RankScope;
import org.halocline.sampler.tape.Sharded;

/**
 * What a user's model is made of: the block {@code model.settings} of its job, the files that the block names, and the
 * rank that it is made on. A model asks for all it needs in its constructor. A value that is missing or wrong becomes a
 * problem of the job, which then does not run; the model gets a stand-in meanwhile, so that all problems are found at
 * once. Used by the chain's own thread only.
 */
public final class ModelInput {
  private static final int MOST_CELLS = 1 << 16;
  private static final Range LENGTH = new Range(0, true, 1e9, false, "the length of an axis");

  private final Settings settings;
  private final RankScope scope;
  private final Reading reading;
  private final List<Path> files = new ArrayList<>();
  private final List<Mesh> meshes = new ArrayList<>();

  ModelInput(Settings settings, RankScope scope, Reading reading) {
    this.settings = settings;
    this.scope = scope;
    this.reading = reading;
  }

  /** A file of data, which a simulation does not need. */
  private Optional<Path> dataFile(String key) {
    Optional<Path> file = reading.use() == Use.SIMULATE ? settings.inputFile(key) : settings.requiredInputFile(key);
    file.ifPresent(files::add);
    return file;
  }

  /** Whether the job says a setting. */
  public boolean has(String key) {
    return settings.has(key);
  }

  /** A number, {@code usual} where the job does not say it. */
  public double number(String key, double usual, Range range) {
    return settings.number(key, usual, range);
  }

  /** A number that the job must say. */
  public double number(String key, Range range) {
    return settings.requiredNumber(key, range).orElse(standIn(range));
  }

  /** A number of the range, for a model that will not run. */
  private static double standIn(Range range) {
    if (range.contains(1))
      return 1;
    return Double.isInfinite(range.low())
        ? range.high() - 1
        : Double.isInfinite(range.high()) ? range.low() + 1 : (range.low() + range.high()) / 2;
  }

  /** A whole number, {@code usual} where the job does not say it. */
  public int integer(String key, int usual, int least, int most) {
    return settings.integer(key, usual, least, most);
  }

  /** Between {@code least} and {@code most} numbers that the job must say. */
  public double[] numbers(String key, int least, int most, Range range) {
    return settings.requiredNumbers(key, least, most, range)
        .map(list -> list.stream().mapToDouble(Double::doubleValue).toArray())
        .orElseGet(() -> {
          double[] standIn = new double[Math.max(least, 1)];
          Arrays.fill(standIn, standIn(range));
          return standIn;
        });
  }

  /** A text, {@code usual} where the job does not say it. */
  public String text(String key, String usual) {
    return settings.text(key, usual);
  }

  /** A mesh of three axes: a block of {@code cells = [nx, ny, nz]} and {@code box = [lx, ly, lz]}, periodic. */
  public Mesh mesh(String key) {
    int[] cells = cells(key, 3);
    double[] box = box(key, 3);
    return known(new Mesh(cells[0], cells[1], cells[2], box[0], box[1], box[2]));
  }

  /**
   * A sky of rows and columns: a block of {@code cells = [rows, columns]} and {@code box}, its sides, periodic. It is a
   * mesh of one cell along y.
   */
  public Mesh sky(String key) {
    int[] cells = cells(key, 2);
    double[] box = box(key, 2);
    return known(sky(cells[0], cells[1], box[0], box[1]));
  }

  /** A sky of rows and columns, with the sides of its box. */
  public static Mesh sky(int rows, int columns, double rowsSide, double columnsSide) {
    return new Mesh(rows, 1, columns, rowsSide, Math.min(rowsSide, columnsSide), columnsSide);
  }

  private int[] cells(String key, int axes) {
    int[] cells = settings.block(key).requiredIntegers("cells", axes, axes, 1, MOST_CELLS)
        .map(list -> list.stream().mapToInt(Integer::intValue).toArray()).orElseGet(() -> filled(axes, 2));
    if (Arrays.stream(cells).anyMatch(n -> n > 1))
      return cells;
    settings.block(key).refuse("cells", "must hold more than one cell", "give at least two cells");
    return filled(axes, 2);
  }

  private static int[] filled(int size, int value) {
    int[] all = new int[size];
    Arrays.fill(all, value);
    return all;
  }

  private double[] box(String key, int axes) {
    return settings.block(key).requiredNumbers("box", axes, axes, LENGTH)
        .map(list -> list.stream().mapToDouble(Double::doubleValue).toArray())
        .orElseGet(() -> {
          double[] standIn = new double[axes];
          Arrays.fill(standIn, 1);
          return standIn;
        });
  }

  /** Lets the model use a grid that it makes itself. */
  public Mesh known(Mesh mesh) {
    if (!meshes.contains(mesh))
      meshes.add(mesh);
    return mesh;
  }

  /**
   * A field of data: an npy file of the grid's shape, (nx, ny, nz), of a sky (rows, columns) or (rows, 1, columns),
   * that the job must name, but for a simulation, which gets zeros. Every value must be finite.
   *
   * @return this rank's part
   */
  public Sharded field(String key, Mesh grid) {
    return field(key, grid, Plausible.finite());
  }

  /** As {@link #field}, of counts: whole numbers from 0 on. */
  public Sharded counts(String key, Mesh grid) {
    return field(key, grid, Plausible.counts());
  }

  private Sharded field(String key, Mesh grid, Plausible plausible) {
    Optional<Path> file = dataFile(key);
    Decomposition cut = scope.decomposition(grid);
    Block block = cut.block(scope.rank());
    Field.Floats field = scope.kernels().memory().floats(block.size());
    if (file.isPresent() && scope.isDry())
      reading.inputs().check(settings, key, file.get(), shape(file.get(), grid), "the cells of the model's grid",
          plausible);
    else if (file.isPresent())
      try {
        FieldFile.read(file.get(), field, block, scope.kernels());
      } catch (IOException unread) {
        throw new UncheckedIOException(unread);
      }
    return Sharded.constant(field, cut);
  }

  /** The shape that a file must have: a sky may have an axis of one between its two. */
  private static int[] shape(Path file, Mesh grid) {
    int[] three = {grid.nx(), grid.ny(), grid.nz()};
    if (grid.ny() > 1)
      return three;
    try (NpyFile npy = NpyFile.open(file)) {
      if (npy.shape().length == 3)
        return three;
    } catch (IOException bad) {
      // The check of the file says what is wrong with it.
    }
    return new int[]{grid.nx(), grid.nz()};
  }

  /** A list of data: an npy file of one axis that the job must name. Every value must be finite. */
  public double[] array(String key) {
    Optional<Path> file = settings.requiredInputFile(key);
    file.ifPresent(files::add);
    if (file.isEmpty())
      return new double[1];
    try (NpyFile npy = NpyFile.open(file.get())) {
      double[] values = npy.readAllDoubles();
      for (int i = 0; i < values.length; i++)
        if (!Double.isFinite(values[i])) {
          settings.problem(key, "\"" + file.get().getFileName() + "\"", "has " + values[i] + " at index " + i,
              "every value counts as measured: leave missing ones out");
          return values;
        }
      return values;
    } catch (BadNpyException bad) {
      settings.problem(key, "\"" + file.get().getFileName() + "\"", bad.getMessage(), "name a sound npy file");
    } catch (IOException failed) {
      settings.problem(key, "\"" + file.get() + "\"", "cannot be read: " + failed.getMessage(), "check the file");
    }
    return new double[1];
  }

  /** The rank that the model is made on: for operations that a model writes itself. */
  public RankScope scope() {
    return scope;
  }

  /** The files that the model asked for. */
  List<Path> files() {
    return List.copyOf(files);
  }

  /** The grids that the model asked for. */
  List<Mesh> meshes() {
    return List.copyOf(meshes);
  }
}
