package org.halocline.sampler.chain;

import java.util.List;
import java.util.Map;
import org.halocline.domain.program.Collected;
import org.halocline.domain.program.RankReply;
import org.halocline.runtime.run.PartDigest;
import org.halocline.sampler.kernel.Transition;

/** What a rank of a chain answers. */
public sealed interface ChainReply extends RankReply {

  /** @param names of the program's latent scalars, in the order of every state's numbers */
  record Started(List<String> names, Transition at) implements ChainReply {}

  /** @param why the density is zero where the chain was to start */
  record Outside(String why) implements ChainReply {}

  /** @param collected by this rank's JVM during the move */
  record Moved(Transition transition, Collected collected) implements ChainReply {}

  /** @param parts of this rank, by file name */
  record Saved(Map<String, PartDigest> parts) implements ChainReply {}
}
