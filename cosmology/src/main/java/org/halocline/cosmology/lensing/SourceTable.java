package org.halocline.cosmology.lensing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;

/**
 * A table of source redshifts as surveys and their tools write it. Each line has the cells of one redshift. Commas,
 * semicolons, tabs or blanks separate the cells, which may be quoted, and one more separator may end the line. Blank
 * lines and lines that begin with #, % or ! are skipped, but the last comment before the numbers may name the columns.
 * A message quotes nothing of a file before one of its lines has been understood.
 *
 * @param understood a sentence: bins, redshifts, the columns that were taken and those that were left out
 * @param plain whether the table has the form z,bin0,bin1,… in which every column is known
 */
public record SourceTable(Sources sources, String understood, boolean plain) {
  private static final long MOST_BYTES = 4 << 20;
  private static final double HIGHEST_Z = 1000;
  private static final int SHOWN = 24;
  /** A number in any language's form, with Fortran's exponents too. */
  private static final Pattern NUMBER = Pattern
      .compile("[+-]?((\\d+\\.?\\d*|\\.\\d+)([eEdD][+-]?\\d+)?|(?i:nan|inf|infinity))");

  /** A line of cells. */
  private record Row(long line, List<String> cells) {}

  /**
   * Reads a table.
   *
   * @throws BadSourcesException naming the file, the line and what is wrong there
   */
  public static SourceTable read(Path file) throws BadSourcesException {
    return new Reading(file).table();
  }

  /** One reading of a file. */
  private static final class Reading {
    private final Path file;
    private final List<Row> rows = new ArrayList<>();
    /** The last comment before the first row. */
    private String comment = "";
    private CSVFormat format = CSVFormat.DEFAULT;
    private char separator;

    private Reading(Path file) throws BadSourcesException {
      this.file = file;
      String[] lines = text().split("\r\n|[\r\n]", -1);
      for (int i = 0; i < lines.length; i++) {
        String line = lines[i].strip();
        if (line.isEmpty())
          continue;
        if ("#%!".indexOf(line.charAt(0)) >= 0) {
          if (rows.isEmpty())
            comment = line.substring(1).strip();
        } else {
          String content = rows.isEmpty() ? line : line.replaceFirst("\\s#.*", "");
          if (rows.isEmpty()) {
            separator = separator(content);
            format = CSVFormat.DEFAULT.builder().setDelimiter(separator).setIgnoreSurroundingSpaces(true).get();
          }
          rows.add(new Row(i + 1, cells(i + 1, content)));
        }
      }
    }

    private String text() throws BadSourcesException {
      byte[] bytes;
      try {
        if (Files.exists(file) && !Files.isRegularFile(file))
          throw new BadSourcesException(file, "is not a file");
        if (Files.size(file) > MOST_BYTES)
          throw new BadSourcesException(file, "has " + Files.size(file) + " bytes, expected a table of at most "
              + MOST_BYTES);
        bytes = Files.readAllBytes(file);
      } catch (BadSourcesException e) {
        throw e;
      } catch (IOException e) {
        throw new BadSourcesException(file, e);
      }
      for (byte b : bytes)
        if (b >= 0 && b < ' ' && b != '\t' && b != '\n' && b != '\r' && b != '\f')
          throw new BadSourcesException(file, "is not a text, expected a table of redshifts and n(z)");
      String text = new String(bytes, StandardCharsets.UTF_8);
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    private static char separator(String line) {
      String bare = line.replaceAll("\"[^\"]*\"", "");
      return bare.indexOf(';') >= 0 ? ';' : bare.indexOf(',') >= 0 ? ',' : ' ';
    }

    private List<String> cells(long line, String content) throws BadSourcesException {
      String apart = separator == ' ' ? content.replaceAll("\\s+", " ") : content;
      try (CSVParser parser = CSVParser.parse(apart, format)) {
        return parser.iterator().next().stream().map(String::strip).toList();
      } catch (IOException | UncheckedIOException | IllegalStateException e) {
        throw new BadSourcesException(file, line, "has a quotation mark without its other");
      }
    }

    SourceTable table() throws BadSourcesException {
      List<String> names = names();
      if (rows.isEmpty())
        throw new BadSourcesException(file, names.isEmpty()
            ? "is empty, expected a table of redshifts and n(z), such as z,bin0,…"
            : "0 rows below the header, expected at least 2");
      int columns = filled(rows.getFirst().cells());
      double[][] numbers = new double[rows.size()][];
      for (int i = 0; i < numbers.length; i++)
        numbers[i] = numbers(rows.get(i), columns, i > 0);
      if (names.size() == columns - 1 && SourceColumns.counts(numbers, 0)) {
        names = new ArrayList<>(names); // R gives the numbers of the rows no name
        names.addFirst("");
      }
      if (!names.isEmpty() && names.size() != columns)
        throw new BadSourcesException(file, rows.getFirst().line(),
            columns + " columns, expected " + names.size() + " as the header has");
      if (numbers.length < 2)
        throw new BadSourcesException(file, numbers.length + " rows of numbers, expected at least 2");
      SourceColumns chosen = SourceColumns.choose(file, names, numbers);
      Sources sources = sources(numbers, chosen);
      return new SourceTable(sources, chosen.understood(sources.z(), separator), separator == ',' && plain(names));
    }

    /** The columns' names: the first line if it does not begin with a number, else the last comment before it. */
    private List<String> names() {
      if (!rows.isEmpty() && !isNumber(rows.getFirst().cells().getFirst())) {
        List<String> header = rows.removeFirst().cells();
        return header.subList(0, filled(header));
      }
      if (rows.isEmpty() || comment.isEmpty())
        return List.of();
      int columns = filled(rows.getFirst().cells());
      for (String apart : List.of(",", ";", "\\s+")) {
        List<String> names = Arrays.stream(comment.split(apart)).map(String::strip).toList();
        if (names.size() == columns && names.stream().noneMatch(Reading::isNumber))
          return names.stream().map(name -> name.replaceAll("^[\"']|[\"']$", "")).toList();
      }
      return List.of();
    }

    /** Cells up to the last that is not empty. */
    private static int filled(List<String> cells) {
      int n = cells.size();
      while (n > 0 && cells.get(n - 1).isEmpty())
        n--;
      return n;
    }

    private double[] numbers(Row row, int columns, boolean understood) throws BadSourcesException {
      int filled = filled(row.cells());
      if (filled != columns)
        throw new BadSourcesException(file, row.line(), filled + " columns, expected " + columns);
      double[] numbers = new double[columns];
      for (int i = 0; i < columns; i++) {
        String cell = row.cells().get(i);
        if (!isNumber(cell)) {
          String shown = cell.isEmpty()
              ? " is empty"
              : (understood ? " = \"" + cell.substring(0, Math.min(SHOWN, cell.length())) + "\"" : "")
                  + " is not a number";
          throw new BadSourcesException(file, row.line(), "column " + (i + 1) + shown
              + (cell.indexOf(',') >= 0 ? ", expected a decimal point" : ""));
        }
        numbers[i] = number(cell);
      }
      return numbers;
    }

    private static boolean isNumber(String cell) {
      return NUMBER.matcher(cell).matches();
    }

    private static double number(String cell) {
      String plain = cell.toLowerCase(Locale.ROOT).replace('d', 'e');
      return plain.endsWith("nan")
          ? Double.NaN
          : plain.contains("inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(plain);
    }

    private static boolean plain(List<String> names) {
      return names.size() > 1 && names.getFirst().equals("z")
          && IntStream.range(1, names.size()).allMatch(i -> names.get(i).equals("bin" + (i - 1)));
    }

    private Sources sources(double[][] rows, SourceColumns chosen) throws BadSourcesException {
      double[] z = new double[rows.length];
      double[][] n = new double[chosen.bins().size()][rows.length];
      for (int i = 0; i < z.length; i++) {
        long line = this.rows.get(i).line();
        z[i] = chosen.z(rows[i]);
        if (!(z[i] >= 0 && z[i] <= HIGHEST_Z))
          throw new BadSourcesException(file, line, "z = " + z[i] + ", expected 0…1000");
        if (i > 0 && !(z[i] > z[i - 1]))
          throw new BadSourcesException(file, line, "z = " + z[i] + " does not grow, the row before has " + z[i - 1]);
        for (int bin = 0; bin < n.length; bin++) {
          n[bin][i] = rows[i][chosen.bins().get(bin)];
          if (!(n[bin][i] >= 0 && n[bin][i] <= Double.MAX_VALUE))
            throw new BadSourcesException(file, line, "bin" + bin + " (column " + (chosen.bins().get(bin) + 1) + ") = "
                + n[bin][i] + ", expected a finite number, 0 or more");
        }
      }
      for (int bin = 0; bin < n.length; bin++)
        checkBin(z, n[bin], bin);
      return new Sources(z, n);
    }

    private void checkBin(double[] z, double[] n, int bin) throws BadSourcesException {
      double integral = LensingKernel.trapezoid(z, n);
      if (!(integral > 0 && integral <= Double.MAX_VALUE))
        throw new BadSourcesException(file,
            "bin" + bin + " has the integral " + integral + ", expected a positive number");
      if (IntStream.range(0, z.length).noneMatch(i -> z[i] > 0 && n[i] > 0))
        throw new BadSourcesException(file,
            "bin" + bin + " has all its sources at z = 0, where nothing lenses them, expected some beyond");
    }
  }
}
