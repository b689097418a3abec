package org.halocline.domain.program;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.halocline.runtime.WireMessage;

/**
 * What a chain is told to do: the same command for every rank of its domain. Small: scalars, never fields. Subtypes are
 * records, named to Jackson by a Jackson module that their Maven module lists in its {@code halocline-node.conf}.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "command")
public interface RankCommand extends WireMessage {}
