package org.halocline.sampler.draws;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Draws as GetDist reads them, {@code getdist.loadMCSamples("RUN/chain")}: {@code chain_1.txt} for the first chain,
 * with weight, −log density and the program's scalars a row, {@code chain.paramnames} and {@code chain.ranges}.
 */
public final class GetDist {
  /** What the names of the files begin with. */
  public static final String ROOT = "chain";

  private GetDist() {}

  /**
   * A scalar of the program.
   *
   * @param latex for axes
   * @param derived whether the program made it of others
   * @param range outside which the density is zero
   */
  public record Column(String name, String latex, boolean derived, Optional<double[]> range) {}

  /** All files by name; numbers read back to the same bits. */
  public static Map<String, String> files(List<Draws> chains, List<Column> columns) {
    Map<String, String> files = new java.util.TreeMap<>();
    for (int chain = 0; chain < chains.size(); chain++)
      files.put(ROOT + "_" + (chain + 1) + ".txt", rows(chains.get(chain), columns));
    StringBuilder names = new StringBuilder();
    StringBuilder ranges = new StringBuilder();
    for (Column column : columns) {
      names.append(column.name()).append(column.derived() ? "*\t" : "\t").append(column.latex()).append('\n');
      column.range().ifPresent(range -> ranges.append(column.name()).append(' ').append(range[0]).append(' ')
          .append(range[1]).append('\n'));
    }
    files.put(ROOT + ".paramnames", names.toString());
    files.put(ROOT + ".ranges", ranges.toString());
    return files;
  }

  private static String rows(Draws draws, List<Column> columns) {
    double[] density = draws.column("lp__");
    List<double[]> values = columns.stream().map(column -> draws.column(column.name())).toList();
    StringBuilder rows = new StringBuilder();
    for (int draw = 0; draw < draws.size(); draw++) {
      rows.append("1 ").append(-density[draw]);
      for (double[] value : values)
        rows.append(' ').append(value[draw]);
      rows.append('\n');
    }
    return rows.toString();
  }
}
