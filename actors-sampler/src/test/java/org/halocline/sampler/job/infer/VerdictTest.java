package org.halocline.sampler.job.infer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.halocline.domain.program.Collected;
import org.halocline.sampler.chain.ChainEvent;
import org.halocline.sampler.chain.CheckpointTally;
import org.halocline.sampler.diagnostics.Summary;
import org.halocline.sampler.draws.Draws;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class VerdictTest {
  @TempDir
  Path directory;
  private Optional<String> doubt = Optional.empty();

  private List<String> doubts(double acceptance, int divergences, double... values) throws Exception {
    Path file = directory.resolve("chain.csv");
    Files.writeString(file,
        "lp__,accept_stat__,stepsize__,treedepth__,n_leapfrog__,divergent__,energy__,omega_m\n"
            + Arrays.stream(values).mapToObj(value -> "-1,0.5,0.1,0,8,0,1," + value + "\n")
                .collect(Collectors.joining()));
    Draws draws = Draws.read(file);
    var report = new ChainEvent.ChainReport(values.length, values.length, acceptance, Map.of(), doubt,
        divergences, 8, 1, Optional.empty(), List.of(), Collected.NONE, new CheckpointTally(1, 1, 1, 0));
    return Verdict.doubts(List.of(new ChainEvent.Finished(0, report, null)), List.of(draws),
        List.of(Summary.of("omega_m", new double[][]{draws.column("omega_m")})));
  }

  /**
   * A sound chain refuses one proposal in five: two or three draws in a row, or all but one of six, are often equal.
   */
  @Test
  void shouldBelieveShortRuns() throws Exception {
    assertEquals(List.of(), doubts(0.8, 0, 0.3));
    assertEquals(List.of(), doubts(0, 1, 0.3));
    assertEquals(List.of(), doubts(0.8, 0, 0.3, 0.3));
    assertEquals(List.of(), doubts(0.5, 1, 0.3, 0.3, 0.3));
    assertEquals(List.of(), doubts(0.6, 0, 0.3, 0.3, 0.31, 0.31));
    assertEquals(List.of(), doubts(0.6, 0, 0.3, 0.3, 0.3, 0.31, 0.31, 0.31));
  }

  @Test
  void shouldDoubtAWarmUpThatTheSamplerDoubts() throws Exception {
    doubt = Optional.of("froze: its step shrank to 1e-06");
    assertEquals(List.of("the warm-up of chain 0 froze: its step shrank to 1e-06"), doubts(0.8, 0, 0.3, 0.4));
  }

  @Test
  void shouldDoubtChainsThatAreStuck() throws Exception {
    double[] same = new double[20];
    Arrays.fill(same, 0.3);
    for (List<String> doubts : List.of(doubts(0.2, 0, same), doubts(0, 2, 0.3, 0.3), doubts(1e-9, 0, 0.3, 0.3, 0.3)))
      assertEquals("chain 0 never moved", doubts.getFirst().split(":")[0]);
  }
}
