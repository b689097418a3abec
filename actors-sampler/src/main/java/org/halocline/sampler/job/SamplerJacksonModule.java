package org.halocline.sampler.job;

import com.fasterxml.jackson.databind.jsontype.NamedType;
import com.fasterxml.jackson.databind.module.SimpleModule;
import org.halocline.sampler.chain.ChainCommand;
import org.halocline.sampler.chain.ChainReply;
import org.halocline.sampler.kernel.Sampler;
import org.halocline.sampler.kernel.Samplers;

/**
 * Names this module's commands and replies, and the samplers' moves, to Jackson. It is listed in this module's
 * {@code halocline-node.conf}; modules with commands of their own do the same.
 */
public final class SamplerJacksonModule extends SimpleModule {
  private static final long serialVersionUID = 1;

  public SamplerJacksonModule() {
    super("halocline-sampler");
    registerSubtypes(RunOnce.class, RunSummary.class);
    registerSubtypes(ChainCommand.class.getPermittedSubclasses());
    registerSubtypes(ChainReply.class.getPermittedSubclasses());
    for (Sampler sampler : Samplers.all())
      sampler.moves().forEach((name, move) -> registerSubtypes(new NamedType(move, name)));
  }
}
