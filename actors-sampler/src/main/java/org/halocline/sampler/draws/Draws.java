package org.halocline.sampler.draws;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.halocline.runtime.run.StorageException;

/**
 * The draws of one chain, read back from its file: the rows after the warm-up, at most as many as the run draws.
 *
 * @param columns names, sampler's own first
 * @param rows by draw, then column
 */
public record Draws(List<String> columns, double[][] rows) {
  /** Columns that are the sampler's, not the program's. */
  private static final String INTERNAL = "__";

  /** @param warmUp rows at the top that belong to the warm-up */
  public static Draws read(Path file, int warmUp) throws StorageException {
    try (
        CSVParser parser = CSVFormat.DEFAULT.builder().setHeader().setSkipHeaderRecord(true).setCommentMarker('#').get()
            .parse(new StringReader(Files.readString(file, StandardCharsets.UTF_8)))) {
      List<double[]> rows = new ArrayList<>();
      for (CSVRecord row : parser)
        rows.add(row.stream().mapToDouble(Double::parseDouble).toArray());
      return new Draws(List.copyOf(parser.getHeaderNames()),
          rows.subList(Math.min(warmUp, rows.size()), rows.size()).toArray(double[][]::new));
    } catch (IOException | RuntimeException broken) {
      throw StorageException.of(file, "read", new IOException(broken.getMessage(), broken));
    }
  }

  /** The program's columns. */
  public List<String> parameters() {
    return columns.stream().filter(column -> !column.endsWith(INTERNAL)).toList();
  }

  /** One column. */
  public double[] column(String name) {
    int at = columns.indexOf(name);
    if (at < 0)
      throw new IllegalArgumentException("no column is called '" + name + "', only " + columns);
    return Arrays.stream(rows).mapToDouble(row -> row[at]).toArray();
  }

  public int size() {
    return rows.length;
  }
}
