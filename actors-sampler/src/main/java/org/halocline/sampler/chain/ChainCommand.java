package org.halocline.sampler.chain;

import java.util.List;
import java.util.Map;
import org.halocline.domain.program.RankCommand;
import org.halocline.sampler.kernel.Move;

/** What a chain's actor tells the chain's ranks. */
public sealed interface ChainCommand extends RankCommand {

  /**
   * Draws a start from the prior; answered by {@link ChainReply.Started}, or by {@link ChainReply.Outside} where the
   * density is zero there.
   *
   * @param attempt which draw, from 0
   */
  record Start(int attempt) implements ChainCommand {}

  /**
   * Starts where a chain of an earlier run stood; answered like {@link Start}.
   *
   * @param parts files of the fields' shards by their names, readable by every rank
   * @param unconstrained the scalars on the real line
   */
  record StartFrom(Map<String, String> parts, double[] unconstrained) implements ChainCommand {}

  /**
   * Takes up a checkpoint, of any layout; answered by {@link ChainReply.Started}.
   *
   * @param directory where the parts lie, readable by every rank
   * @param parts names of all parts
   * @param unconstrained the scalars on the real line
   * @param counted draws in the moments
   */
  record Restore(String directory, List<String> parts, double[] unconstrained, int counted) implements ChainCommand {}

  /**
   * One draw; answered by {@link ChainReply.Moved}.
   *
   * @param count whether the state after it belongs to the moments
   * @param noise whether to write the fields after it
   * @param arrays whether to write the program's arrays after it
   * @param directory where to write
   * @param name what comes after the name of a field or an array in its file's, with the ending
   */
  record Draw(Move move, boolean count, boolean noise, boolean arrays, String directory, String name)
      implements
        ChainCommand {}

  /** Every rank writes what it holds; answered by {@link ChainReply.Saved}. */
  record Save(String directory) implements ChainCommand {}
}
