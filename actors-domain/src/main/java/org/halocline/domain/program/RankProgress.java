package org.halocline.domain.program;

import java.util.Map;
import org.halocline.runtime.WireMessage;

/** How far a chain is, told while a command runs: a line for people and the numbers in it. */
public record RankProgress(int chain, int rank, String line, Map<String, Double> numbers) implements WireMessage {

  public RankProgress {
    numbers = Map.copyOf(numbers);
  }
}
