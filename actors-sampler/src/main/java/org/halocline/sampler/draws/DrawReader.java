package org.halocline.sampler.draws;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.halocline.sampler.draws.Draws.NotDrawsException;

/** Reads the file of a chain once, in memory that has a bound where the chain may be another's. For one thread. */
final class DrawReader {
  private static final int MOST_CHARACTERS = 1 << 16;
  private static final int MOST_COLUMNS = 1000;
  private static final int MOST_VALUES = 1_000_000;

  private final boolean ended;
  private final char[] buffer = new char[8192];
  private int at;
  private int end;
  private int lines;
  private int taken;
  private int most;
  private int columns;
  private int[] wanted = new int[0];
  private List<String> names = List.of();
  private List<double[]> rows = new ArrayList<>();
  private int made;
  private int stride = 1;

  private DrawReader(boolean ended, int most) {
    this.ended = ended;
    this.most = most;
  }

  /** Of a run's own chain: every column and row, and nothing else may be there. */
  static DrawReader ofEnded() {
    return new DrawReader(true, Integer.MAX_VALUE);
  }

  /** The program's columns, in bounded memory; rows that are none are passed over. */
  static DrawReader ofGrowing(int most) {
    return new DrawReader(false, most);
  }

  Draws read(InputStream bytes, boolean whole) throws IOException {
    try (Reader text = new InputStreamReader(bytes, StandardCharsets.UTF_8.newDecoder()
        .onMalformedInput(CodingErrorAction.REPLACE).onUnmappableCharacter(CodingErrorAction.REPLACE))) {
      Optional<String> next = next(text);
      while (next.isPresent()) {
        String line = next.get();
        next = next(text);
        if (next.isPresent() || whole)
          take(line);
      }
    }
    return new Draws(names, made, stride, rows);
  }

  /** A line without its line break; empty after the last. */
  private Optional<String> next(Reader text) throws IOException {
    StringBuilder line = new StringBuilder();
    boolean any = false;
    while (fill(text)) {
      any = true;
      int from = at;
      while (at < end && buffer[at] != '\n')
        at++;
      if (!ended && line.length() + at - from > MOST_CHARACTERS)
        throw new NotDrawsException("line " + (lines + 1) + " has more than " + MOST_CHARACTERS + " characters");
      line.append(buffer, from, at - from);
      if (at < end) {
        at++;
        break;
      }
    }
    if (!any)
      return Optional.empty();
    lines++;
    if (!line.isEmpty() && line.charAt(line.length() - 1) == '\r')
      line.setLength(line.length() - 1);
    return Optional.of(line.toString());
  }

  private boolean fill(Reader text) throws IOException {
    if (at == end) {
      at = 0;
      end = Math.max(0, text.read(buffer));
    }
    return at < end;
  }

  private void take(String line) throws NotDrawsException {
    taken++;
    if (line.startsWith(DrawFile.WARM_UP_ENDS)) {
      rows.clear();
      made = 0;
      stride = 1;
    } else if (!line.startsWith("#") && !line.isBlank())
      if (columns == 0)
        header(line.split(","));
      else
        row(line.split(","));
  }

  private void header(String[] header) throws NotDrawsException {
    columns = header.length;
    if (!ended && columns > MOST_COLUMNS)
      throw new NotDrawsException("there are " + columns + " columns, more than " + MOST_COLUMNS);
    wanted = IntStream.range(0, columns).filter(i -> ended || !Draws.isInternal(header[i])).toArray();
    names = IntStream.of(wanted).mapToObj(i -> header[i]).toList();
    if (!ended)
      most = Math.min(most, Math.max(2, MOST_VALUES / Math.max(1, wanted.length)));
  }

  private void row(String[] cells) throws NotDrawsException {
    double[] row = new double[wanted.length];
    try {
      if (cells.length != columns)
        throw new NumberFormatException("it has " + cells.length + " columns, not " + columns);
      for (int i = 0; i < row.length; i++)
        row[i] = Double.parseDouble(cells[wanted[i]]);
    } catch (NumberFormatException broken) {
      if (ended)
        throw new NotDrawsException("line " + taken + " is no draw: " + broken.getMessage());
      return;
    }
    if (made++ % stride != 0)
      return;
    rows.add(row);
    if (rows.size() > most) {
      stride *= 2;
      List<double[]> every = rows;
      rows = new ArrayList<>(
          IntStream.range(0, every.size()).filter(i -> i % 2 == 0).mapToObj(every::get).toList());
    }
  }
}
