package org.halocline.cosmology.lensing;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Which columns of a table hold z and which hold n(z). The columns' names decide. In a table without names the first
 * column is z, unless that column counts the rows. A table that can be read in two ways is refused.
 *
 * @param names of the columns, empty where the table has none
 * @param redshifts the column of z, or the two columns of the edges of its interval
 * @param bins the columns of n(z)
 * @param leftOut the other columns, each with the reason
 */
record SourceColumns(List<String> names, List<Integer> redshifts, List<Integer> bins, List<String> leftOut) {
  private static final Set<String> MIDDLE = Set.of("z", "zs", "zmid", "zmiddle", "zmean", "zcenter", "zcentre", "zcen",
      "zbincenter", "zbincentre", "zbinmid");
  private static final Set<String> LOW = Set.of("zlow", "zlo", "zmin", "zlower", "zleft");
  private static final Set<String> HIGH = Set.of("zhigh", "zhi", "zmax", "zupper", "zright");
  private static final Set<String> INDEX = Set.of("", "index", "idx", "i", "row", "id", "number", "unnamed0");
  private static final String NAME_THEM = ": name the columns in a first line, such as z,bin0,bin1 or index,z,bin0";
  /** A column that counts from 0 or 1 over this many rows holds no redshifts of galaxies: it counts the rows. */
  private static final int ROWS = 12;
  private static final double EVEN = 1e-6;
  private static final int SHOWN = 24;
  private static final int MOST_BINS = 1000;
  private static final int LISTED = 12;

  static SourceColumns choose(Path file, List<String> names, double[][] rows) throws BadSourcesException {
    List<Integer> middle = named(names, MIDDLE);
    List<Integer> low = named(names, LOW);
    List<Integer> high = named(names, HIGH);
    if (middle.size() > 1 || low.size() > 1 || high.size() > 1)
      throw new BadSourcesException(file,
          "has two columns whose names are those of redshifts, expected one" + NAME_THEM);
    if (middle.isEmpty() && low.size() != high.size())
      throw new BadSourcesException(file, "has one edge only of each redshift's interval, in column "
          + ((low.isEmpty() ? high : low).getFirst() + 1) + ", expected their middle, z, or both edges");
    boolean found = !middle.isEmpty() || !low.isEmpty();
    boolean index = isIndex(file, names, rows, found, middle.contains(0) || low.contains(0) || high.contains(0));
    int first = index ? 1 : 0;
    List<Integer> redshifts = !middle.isEmpty()
        ? middle
        : found ? List.of(low.getFirst(), high.getFirst()) : List.of(first);
    List<String> leftOut = new ArrayList<>();
    List<Integer> bins = new ArrayList<>();
    for (int column = 0; column < rows[0].length; column++)
      if (column == 0 && index)
        leftOut.add(called(names, 0) + ", which counts the rows");
      else if (low.contains(column) || high.contains(column)) {
        if (!middle.isEmpty())
          leftOut.add(called(names, column) + ", an edge of the redshifts' intervals");
      } else if (!redshifts.contains(column))
        bins.add(column);
    if (bins.isEmpty())
      throw new BadSourcesException(file, "has no column of n(z) beside the redshifts, expected one a bin");
    if (bins.size() > MOST_BINS)
      throw new BadSourcesException(file, "has " + bins.size() + " columns of n(z), expected at most " + MOST_BINS);
    if (names.isEmpty() && bins.size() > 1 && interleaved(rows, first))
      throw new BadSourcesException(file, "has no names, and its columns " + (first + 1) + " and " + (first + 2)
          + " both grow as redshifts do" + NAME_THEM + ", or z_low,z_mid,z_high,bin0");
    return new SourceColumns(names, redshifts, bins, leftOut);
  }

  private static List<Integer> named(List<String> names, Set<String> forms) {
    return IntStream.range(0, names.size()).filter(i -> forms.contains(bare(names.get(i)))).boxed().toList();
  }

  private static String bare(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "").replace("redshift", "z");
  }

  /** Whether the first column counts the rows. */
  private static boolean isIndex(Path file, List<String> names, double[][] rows, boolean found, boolean taken)
      throws BadSourcesException {
    if (taken)
      return false;
    if (!names.isEmpty() && INDEX.contains(bare(names.getFirst()))) {
      if (rows[0].length > 2 && countsFrom(rows, 0, rows[0][0]))
        return true;
      throw new BadSourcesException(file, "has a column 1 whose name is that of an index of its rows, which it is not"
          + NAME_THEM);
    }
    if (!counts(rows, 0) || rows[0].length < 3)
      return false;
    if (found)
      return true;
    if (!grows(rows, 1))
      return false;
    if (rows.length >= ROWS || rows.length > 2 && even(rows, 1))
      return true;
    throw new BadSourcesException(file, "has a column 1 that either holds redshifts or counts the rows" + NAME_THEM);
  }

  /** Whether a column is 0, 1, 2, … or 1, 2, 3, …. */
  static boolean counts(double[][] rows, int column) {
    return (rows[0][column] == 0 || rows[0][column] == 1) && countsFrom(rows, column, rows[0][column]);
  }

  private static boolean countsFrom(double[][] rows, int column, double first) {
    return first == Math.rint(first)
        && IntStream.range(0, rows.length).allMatch(i -> rows[i][column] == first + i);
  }

  private static boolean grows(double[][] rows, int column) {
    return IntStream.range(1, rows.length).allMatch(i -> rows[i][column] > rows[i - 1][column]);
  }

  private static boolean even(double[][] rows, int column) {
    double step = (rows[rows.length - 1][column] - rows[0][column]) / (rows.length - 1);
    return IntStream.range(1, rows.length)
        .allMatch(i -> Math.abs(rows[i][column] - rows[i - 1][column] - step) < EVEN * rows.length * step);
  }

  /** Whether a column and the next one could be the lower and upper edges of adjacent intervals. */
  private static boolean interleaved(double[][] rows, int column) {
    return grows(rows, column) && grows(rows, column + 1)
        && IntStream.range(0, rows.length).allMatch(i -> rows[i][column] <= rows[i][column + 1]
            && (i + 1 == rows.length || rows[i][column + 1] <= rows[i + 1][column]));
  }

  double z(double[] row) {
    double sum = 0;
    for (int column : redshifts)
      sum += row[column];
    return sum / redshifts.size();
  }

  private static String called(List<String> names, int column) {
    String name = names.isEmpty() ? "" : names.get(column).replaceAll("\\p{Cntrl}", "?");
    return "column " + (column + 1)
        + (name.isEmpty() ? "" : " (" + name.substring(0, Math.min(SHOWN, name.length())) + ")");
  }

  /** A sentence for the user: what was found in the table. */
  String understood(double[] z, char separator) {
    String where = redshifts.stream().map(column -> called(names, column)).collect(Collectors.joining(" and "));
    String apart = separator == ' ' ? "blanks" : separator == ';' ? "semicolons" : "commas";
    return bins.size() + (bins.size() == 1 ? " bin, " : " bins, ") + z.length + " redshifts " + z[0] + " to "
        + z[z.length - 1] + "; cells apart by " + apart + "; z "
        + (redshifts.size() == 2 ? "halfway between " : "in ") + where + "; n(z) in "
        + (bins.size() > LISTED
            ? bins.size() + " columns from " + called(names, bins.getFirst()) + " to " + called(names, bins.getLast())
            : bins.stream().map(column -> called(names, column)).collect(Collectors.joining(", ")))
        + (leftOut.isEmpty() ? "" : "; left out: " + String.join("; ", leftOut));
  }
}
