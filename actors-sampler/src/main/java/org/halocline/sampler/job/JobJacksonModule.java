package org.halocline.sampler.job;

import com.fasterxml.jackson.databind.jsontype.NamedType;
import com.fasterxml.jackson.databind.module.SimpleModule;

/**
 * Names this module's commands and replies to Jackson. It is listed in this module's {@code halocline-node.conf};
 * modules with commands of their own do the same.
 */
public final class JobJacksonModule extends SimpleModule {
  private static final long serialVersionUID = 1;

  public JobJacksonModule() {
    super("halocline-job");
    registerSubtypes(new NamedType(RunOnce.class, "run-once"), new NamedType(RunSummary.class, "summary"));
  }
}
