package org.halocline.sampler.kernel;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A sampler's half at the chain's actor: decides every move, learns from its outcome and says what it knows. Not
 * thread-safe; owned by the chain's actor.
 */
public interface ChainPolicy {

  /** The move that makes a draw. */
  Move next(int draw);

  /** Takes in the outcome of the move. */
  void learn(Move move, Transition outcome);

  /** All that the chain has learned, exactly: see {@link ExactNumbers}. */
  JsonNode state();

  /** Goes on from a state written down earlier under the same settings. */
  void restore(JsonNode state);

  /**
   * Begins with what a chain of an earlier run of the same sampler had learned; before the first draw.
   *
   * @param stretch of each scalar, by which its real line became longer since
   */
  void begin(JsonNode learned, double[] stretch);

  /** The sampler's columns of the file of draws, after the log density; Stan's names end in two underscores. */
  List<String> columns();

  /** The values of the columns for one draw. */
  List<String> values(Move move, Transition outcome);

  /** Comments in the file of draws once the warm-up is over. */
  List<String> comments();

  /** What the chain is doing at a draw, for people. */
  String phase(int draw);

  /** How the sampler is set now, in a few words for people. */
  String words();

  /** The same for programs. */
  Map<String, Double> numbers();

  /** What the chain has learned, for the diagnostics of the run. */
  Map<String, Object> facts();

  /** A reason not to believe the draws at all; words that follow "the warm-up of chain 1". */
  Optional<String> doubt();
}
