package org.halocline.ops.timing;

import java.util.List;
import java.util.Optional;

/**
 * One figure.
 *
 * @param name dashed
 * @param mesh cells by axis; empty where there is none
 * @param subdomains of the simulation, each on a core
 * @param best of several runs
 * @param median of the same runs
 * @param beside what it is compared with
 */
public record Measurement(String name, List<Integer> mesh, int subdomains, Unit unit, double best, double median,
    Optional<Beside> beside) {

  /** What figures are in. */
  public enum Unit {
    PERCENT("%"), NS_PER_CELL("ns a cell"), NS_PER_PARTICLE("ns a particle"),
    NS_PER_PARTICLE_STEP("ns a particle and step"), MS(
        "ms"),
    GB_PER_S("GB/s");

    private final String words;

    Unit(String words) {
      this.words = words;
    }

    public String words() {
      return words;
    }
  }

  /**
   * Something measured in the same run, in the same unit.
   *
   * @param name in a word or two
   */
  public record Beside(String name, double best) {}

  public Measurement {
    mesh = List.copyOf(mesh);
  }

  public static Measurement of(String name, List<Integer> mesh, int subdomains, Unit unit, double best, double median) {
    return new Measurement(name, mesh, subdomains, unit, best, median, Optional.empty());
  }

  public Measurement beside(String other, double otherBest) {
    return new Measurement(name, mesh, subdomains, unit, best, median, Optional.of(new Beside(other, otherBest)));
  }
}
