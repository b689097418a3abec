package org.halocline.domain.program;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.halocline.runtime.WireMessage;

/** What a rank answers to a {@link RankCommand}; the domain passes on rank 0's. Subtypes as for commands. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "reply")
public interface RankReply extends WireMessage {}
