package org.halocline.ops.api;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The draws that a chain's file holds now. The chain may be writing it: a row without its line break is left out, for half a
 * number is a number too.
 *
 * @param parameters
 *          the program's columns
 * @param rows
 *          by draw, then column of the file
 */
record DrawTable(List<String> header, List<String> parameters, List<double[]> rows) {
  private static final int MOST_ROWS = 100_000;

  static DrawTable read(Path file) throws IOException {
    List<String> header = List.of();
    List<double[]> rows = new ArrayList<>();
    String text = Files.readString(file, StandardCharsets.UTF_8);
    int whole = text.lastIndexOf('\n') + 1;
    for (String line : text.substring(0, whole).split("\n")) {
      if (line.startsWith("#") || line.isBlank() || rows.size() == MOST_ROWS)
        continue;
      if (header.isEmpty())
        header = List.of(line.split(","));
      else
        addRow(line, header.size(), rows);
    }
    return new DrawTable(header, header.stream().filter(name -> !name.endsWith("__")).toList(), rows);
  }

  private static void addRow(String line, int columns, List<double[]> rows) {
    String[] cells = line.split(",");
    if (cells.length != columns)
      return;
    double[] row = new double[columns];
    try {
      for (int i = 0; i < columns; i++)
        row[i] = Double.parseDouble(cells[i]);
    } catch (NumberFormatException _) {
      return;
    }
    rows.add(row);
  }

  int size() {
    return rows.size();
  }

  double[] column(String name) {
    int at = header.indexOf(name);
    return rows.stream().mapToDouble(row -> row[at]).toArray();
  }
}
