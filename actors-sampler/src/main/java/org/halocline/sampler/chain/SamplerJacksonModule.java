package org.halocline.sampler.chain;

import com.fasterxml.jackson.databind.jsontype.NamedType;
import com.fasterxml.jackson.databind.module.SimpleModule;

/** Names this module's commands and replies to Jackson; listed in this module's {@code halocline-node.conf}. */
public final class SamplerJacksonModule extends SimpleModule {
  private static final long serialVersionUID = 1;

  public SamplerJacksonModule() {
    super("halocline-sampler");
    registerSubtypes(new NamedType(ChainCommand.Start.class, "chain-start"),
        new NamedType(ChainCommand.StartFrom.class, "chain-start-from"),
        new NamedType(ChainCommand.Restore.class, "chain-restore"),
        new NamedType(ChainCommand.Trajectory.class, "chain-trajectory"),
        new NamedType(ChainCommand.Save.class, "chain-save"),
        new NamedType(ChainReply.Started.class, "chain-started"),
        new NamedType(ChainReply.Outside.class, "chain-outside"),
        new NamedType(ChainReply.Moved.class, "chain-moved"), new NamedType(ChainReply.Saved.class, "chain-saved"));
  }
}
