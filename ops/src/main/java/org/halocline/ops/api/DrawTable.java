package org.halocline.ops.api;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The draws that a chain's file holds now, those of the warm-up left out once it is over. The chain may be writing it: a row
 * without its line break is left out, for half a number is a number too. Of many draws every second, fourth, … is kept.
 *
 * @param parameters
 *          the program's columns
 * @param draws
 *          how many there are
 * @param stride
 *          of those kept
 * @param rows
 *          those kept, by parameter
 */
record DrawTable(List<String> parameters, int draws, int stride, List<double[]> rows) {
  private static final String WARM_UP_ENDS = "# Adaptation terminated";

  /**
   * @param most
   *          rows to keep; at least 2
   */
  static DrawTable read(Path file, int most) throws IOException {
    FilePart part = FilePart.open(file);
    boolean whole = part.endsWith('\n');
    Reading reading = new Reading(most);
    try (BufferedReader lines = new BufferedReader(new InputStreamReader(part, StandardCharsets.UTF_8.newDecoder()
        .onMalformedInput(CodingErrorAction.REPLACE).onUnmappableCharacter(CodingErrorAction.REPLACE)))) {
      String next = lines.readLine();
      while (next != null) {
        String line = next;
        next = lines.readLine();
        if (next != null || whole)
          reading.line(line);
      }
    }
    return reading.table();
  }

  private static final class Reading {
    private final int most;
    private int columns;
    private int[] wanted = new int[0];
    private List<String> names = List.of();
    private List<double[]> rows = new ArrayList<>();
    private int draws;
    private int stride = 1;

    Reading(int most) {
      this.most = most;
    }

    void line(String line) {
      if (line.startsWith(WARM_UP_ENDS)) {
        rows.clear();
        draws = 0;
        stride = 1;
      } else if (!line.startsWith("#") && !line.isBlank())
        if (columns == 0)
          header(line.split(","));
        else
          row(line.split(","));
    }

    private void header(String[] header) {
      columns = header.length;
      wanted = IntStream.range(0, columns).filter(i -> !header[i].endsWith("__")).toArray();
      names = IntStream.of(wanted).mapToObj(i -> header[i]).toList();
    }

    private void row(String[] cells) {
      if (cells.length != columns)
        return;
      double[] row = new double[wanted.length];
      try {
        for (int i = 0; i < row.length; i++)
          row[i] = Double.parseDouble(cells[wanted[i]]);
      } catch (NumberFormatException _) {
        return;
      }
      if (draws++ % stride != 0)
        return;
      rows.add(row);
      if (rows.size() > most) {
        stride *= 2;
        List<double[]> every = rows;
        rows = new ArrayList<>(
            IntStream.range(0, every.size()).filter(i -> i % 2 == 0).mapToObj(every::get).toList());
      }
    }

    DrawTable table() {
      return new DrawTable(names, draws, stride, rows);
    }
  }

  /** How many are kept. */
  int size() {
    return rows.size();
  }

  /** Which draw a kept one is. */
  int number(int row) {
    return row * stride;
  }

  double[] column(String name) {
    int at = parameters.indexOf(name);
    return rows.stream().mapToDouble(row -> at < 0 ? Double.NaN : row[at]).toArray();
  }
}
