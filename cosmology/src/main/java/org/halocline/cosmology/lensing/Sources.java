package org.halocline.cosmology.lensing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * Distribution of source galaxies over redshift, one n(z) a bin, not normalised; between the rows it is linear.
 *
 * @param z redshifts, growing, at least two, within 0…1000
 * @param n [bin][row], finite, not negative, each with a positive integral
 */
public record Sources(double[] z, double[][] n) {
  private static final double HIGHEST_Z = 1000;

  public Sources {
    if (z.length < 2 || n.length < 1) {
      throw new IllegalArgumentException(z.length + " redshifts, " + n.length + " bins: at least 2 and 1 are needed");
    }
    for (double[] bin : n) {
      if (bin.length != z.length) {
        throw new IllegalArgumentException(bin.length + " values of n for " + z.length + " redshifts");
      }
    }
  }

  public int bins() {
    return n.length;
  }

  /**
   * Reads a comma-separated table with a header {@code z,bin0,bin1,…}.
   *
   * @throws BadSourcesException naming the file, the line and what is wrong there
   */
  public static Sources read(Path csv) throws BadSourcesException {
    var format = CSVFormat.DEFAULT.builder().setTrim(true).setIgnoreEmptyLines(true).get();
    try (var reader = Files.newBufferedReader(csv, StandardCharsets.UTF_8);
        CSVParser parser = CSVParser.builder().setReader(reader).setFormat(format).get()) {
      var rows = parser.iterator();
      if (!rows.hasNext()) {
        throw new BadSourcesException(csv, "is empty, expected a header z,bin0,… and at least two rows");
      }
      int bins = header(csv, rows.next());
      List<double[]> table = new ArrayList<>();
      while (rows.hasNext()) { table.add(row(csv, rows.next(), parser.getCurrentLineNumber(), bins, table)); }
      return checked(csv, bins, table);
    } catch (BadSourcesException e) {
      throw e;
    } catch (UncheckedIOException e) {
      throw new BadSourcesException(csv, e.getCause());
    } catch (IOException e) {
      throw new BadSourcesException(csv, e);
    }
  }

  private static int header(Path csv, CSVRecord header) throws BadSourcesException {
    if (header.size() < 2 || !header.get(0).equals("z")) {
      throw new BadSourcesException(csv, 1, "header is \"" + String.join(",", header.values())
          + "\", expected z,bin0 and a column for each further bin");
    }
    for (int bin = 0; bin < header.size() - 1; bin++) {
      if (!header.get(bin + 1).equals("bin" + bin)) {
        throw new BadSourcesException(csv, 1,
            "column " + (bin + 2) + " is \"" + header.get(bin + 1) + "\", expected bin" + bin);
      }
    }
    return header.size() - 1;
  }

  private static double[] row(Path csv, CSVRecord cells, long line, int bins, List<double[]> before)
      throws BadSourcesException {
    if (cells.size() != bins + 1) {
      throw new BadSourcesException(csv, line, cells.size() + " columns, expected " + (bins + 1));
    }
    double[] row = new double[bins + 1];
    for (int i = 0; i <= bins; i++) {
      String name = i == 0 ? "z" : "bin" + (i - 1);
      try {
        row[i] = Double.parseDouble(cells.get(i));
      } catch (NumberFormatException e) {
        throw new BadSourcesException(csv, line, name + " = \"" + cells.get(i) + "\" is not a number");
      }
      if (!(row[i] >= 0 && row[i] <= (i == 0 ? HIGHEST_Z : Double.MAX_VALUE))) {
        throw new BadSourcesException(csv, line,
            name + " = " + cells.get(i) + ", expected 0…" + (i == 0 ? "1000" : "a finite number"));
      }
    }
    if (!before.isEmpty() && !(row[0] > before.getLast()[0])) {
      throw new BadSourcesException(csv, line,
          "z = " + row[0] + " does not grow, the row before has " + before.getLast()[0]);
    }
    return row;
  }

  private static Sources checked(Path csv, int bins, List<double[]> table) throws BadSourcesException {
    if (table.size() < 2) {
      throw new BadSourcesException(csv, table.size() + " rows below the header, expected at least 2");
    }
    double[] z = new double[table.size()];
    double[][] n = new double[bins][table.size()];
    for (int i = 0; i < z.length; i++) {
      z[i] = table.get(i)[0];
      for (int bin = 0; bin < bins; bin++) { n[bin][i] = table.get(i)[bin + 1]; }
    }
    for (int bin = 0; bin < bins; bin++) {
      double integral = LensingKernel.trapezoid(z, n[bin]);
      if (!(integral > 0 && integral <= Double.MAX_VALUE)) {
        throw new BadSourcesException(csv,
            "bin" + bin + " has the integral " + integral + ", expected a positive number");
      }
    }
    return new Sources(z, n);
  }
}
