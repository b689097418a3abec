package org.halocline.sampler.job.infer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.halocline.sampler.chain.ChainEvent;
import org.halocline.sampler.diagnostics.Summary;
import org.halocline.sampler.draws.Draws;

/**
 * Reasons, in words, not to believe the draws at all. Slow mixing is none: R̂ and ESS tell of it. Nor is a short run,
 * in which a sound chain may refuse each of a few proposals.
 */
final class Verdict {
  /** Acceptance below which even two equal draws mean that a chain is stuck. */
  private static final double STUCK = 0.01;
  /** So many equal draws mean it at any acceptance; fewer that vary little may leave R̂ undefined by chance. */
  private static final int MANY_DRAWS = 20;

  private Verdict() {}

  /**
   * @param chains that finished
   * @param draws of each of them
   * @param summaries of the program's scalars
   */
  static List<String> doubts(List<ChainEvent.Finished> chains, List<Draws> draws, List<Summary> summaries) {
    List<String> doubts = new ArrayList<>();
    for (int i = 0; i < chains.size(); i++) {
      ChainEvent.ChainReport report = chains.get(i).report();
      String name = "chain " + chains.get(i).chain();
      int size = draws.get(i).size();
      String why = report.lastDivergence().map(last -> "; the last because " + last).orElse("");
      if (size > 1 && (size >= MANY_DRAWS || report.meanAcceptance() < STUCK) && isOnePoint(draws.get(i)))
        doubts.add(String.format(Locale.ROOT,
            "%s never moved: its %d draws are one point, with acceptance %.2f and %d divergences%s",
            name, size, report.meanAcceptance(), report.divergences(), why));
      else
        report.doubt().ifPresent(doubt -> doubts.add("the warm-up of " + name + " " + doubt + why));
    }
    if (doubts.isEmpty() && draws.getFirst().size() >= MANY_DRAWS)
      for (Summary row : summaries)
        if (!Double.isFinite(row.rHat()))
          doubts.add("R̂ of " + row.name() + " does not exist: its draws do not vary, or are not finite");
    return doubts;
  }

  private static boolean isOnePoint(Draws draws) {
    return draws.parameters().stream().map(draws::column)
        .allMatch(column -> Arrays.stream(column).allMatch(value -> value == column[0]));
  }
}
