package org.halocline.sampler.draws;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.halocline.runtime.files.StorageException;

/**
 * The draws of one chain, read back from its file; those of the warm-up are left out once it is over.
 *
 * @param columns names, sampler's own first
 * @param made how many draws there are
 * @param stride every so many of them is kept
 * @param rows of the draws that are kept, by column
 */
public record Draws(List<String> columns, int made, int stride, List<double[]> rows) {
  /** Columns that are the sampler's, not the program's. */
  private static final String INTERNAL = "__";

  /** The text is not what a chain writes. */
  public static final class NotDrawsException extends IOException {
    private static final long serialVersionUID = 1;

    NotDrawsException(String message) {
      super(message);
    }
  }

  /** Reads the file of a chain that has ended. */
  public static Draws read(Path file) throws StorageException {
    try (InputStream text = Files.newInputStream(file)) {
      return DrawReader.ofEnded().read(text, true);
    } catch (IOException | RuntimeException broken) {
      throw StorageException.of(file, "read", new IOException(broken.getMessage(), broken));
    }
  }

  /**
   * Reads the program's columns of a file that a chain may be writing. A row without its line break is left out, for
   * half a number is a number too. Of many draws every second, fourth and so on is kept, so that memory is bounded.
   *
   * @param whole whether the text ends with a line break
   * @param most rows to keep; at least 2
   * @throws NotDrawsException when it has a line or a number of columns that no chain writes
   */
  public static Draws glance(InputStream text, boolean whole, int most) throws IOException {
    return DrawReader.ofGrowing(most).read(text, whole);
  }

  static boolean isInternal(String column) {
    return column.endsWith(INTERNAL);
  }

  /** The program's columns. */
  public List<String> parameters() {
    return columns.stream().filter(column -> !isInternal(column)).toList();
  }

  /** One column. */
  public double[] column(String name) {
    int at = columns.indexOf(name);
    if (at < 0)
      throw new IllegalArgumentException("no column is called '" + name + "', only " + columns);
    return rows.stream().mapToDouble(row -> row[at]).toArray();
  }

  /** How many are kept. */
  public int size() {
    return rows.size();
  }

  /** Which draw a kept one is. */
  public int number(int row) {
    return row * stride;
  }
}
