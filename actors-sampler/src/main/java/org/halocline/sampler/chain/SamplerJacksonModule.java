package org.halocline.sampler.chain;

import com.fasterxml.jackson.databind.jsontype.NamedType;
import com.fasterxml.jackson.databind.module.SimpleModule;
import org.halocline.sampler.kernel.Sampler;
import org.halocline.sampler.kernel.Samplers;

/**
 * Names this module's commands and replies and the samplers' moves to Jackson; listed in this module's {@code
 * halocline-node.conf}.
 */
public final class SamplerJacksonModule extends SimpleModule {
  private static final long serialVersionUID = 1;

  public SamplerJacksonModule() {
    super("halocline-sampler");
    registerSubtypes(new NamedType(ChainCommand.Start.class, "chain-start"),
        new NamedType(ChainCommand.StartFrom.class, "chain-start-from"),
        new NamedType(ChainCommand.Restore.class, "chain-restore"),
        new NamedType(ChainCommand.Draw.class, "chain-draw"),
        new NamedType(ChainCommand.Save.class, "chain-save"),
        new NamedType(ChainReply.Started.class, "chain-started"),
        new NamedType(ChainReply.Outside.class, "chain-outside"),
        new NamedType(ChainReply.Moved.class, "chain-moved"), new NamedType(ChainReply.Saved.class, "chain-saved"));
    for (Sampler sampler : Samplers.all())
      sampler.moves().forEach((name, move) -> registerSubtypes(new NamedType(move, name)));
  }
}
