package org.halocline.ops.api;

import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.halocline.ops.http.Refusal;
import org.halocline.runtime.config.Problem;

/**
 * The draws that a chain's file holds now, those of the warm-up left out once it is over. The chain may be writing it: a row
 * without its line break is left out, for half a number is a number too. Of many draws every second, fourth, … is kept. A file
 * that no chain wrote cannot take more memory than one that a chain did.
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
  private static final int MOST_CHARACTERS = 1 << 16;
  private static final int MOST_COLUMNS = 1000;
  private static final int MOST_VALUES = 1_000_000;

  /**
   * @param most
   *          rows to keep; at least 2
   * @throws Refusal
   *           when it has a line or a number of columns that no chain writes
   */
  static DrawTable read(Path file, int most) throws IOException, Refusal {
    FilePart part = FilePart.open(file);
    boolean whole = part.endsWith('\n');
    Reading reading = new Reading(most);
    try (BoundedLines lines = new BoundedLines(new InputStreamReader(part, StandardCharsets.UTF_8.newDecoder()
        .onMalformedInput(CodingErrorAction.REPLACE).onUnmappableCharacter(CodingErrorAction.REPLACE)),
        MOST_CHARACTERS)) {
      Optional<String> next = lines.next();
      while (next.isPresent()) {
        String line = next.get();
        next = lines.next();
        if (next.isPresent() || whole)
          reading.line(line);
      }
    } catch (BoundedLines.TooLongException e) {
      throw notDraws(file, e.getMessage());
    }
    if (reading.columns > MOST_COLUMNS)
      throw notDraws(file, "there are " + reading.columns + " columns, more than " + MOST_COLUMNS);
    return reading.table();
  }

  private static Refusal notDraws(Path file, String why) {
    return new Refusal(Refusal.FAILED, new Problem("draws", String.valueOf(file.getFileName()),
        "is not what a chain writes: " + why,
        "see who else writes into the run directory; fetch gives the file as it is"));
  }

  private static final class Reading {
    private int most;
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
      most = Math.min(most, Math.max(2, MOST_VALUES / Math.max(1, wanted.length)));
    }

    private void row(String[] cells) {
      if (cells.length != columns || columns > MOST_COLUMNS)
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
