package org.halocline.runtime.cluster;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import org.halocline.runtime.WireMessage;

/**
 * Events in their order.
 *
 * @param next what to ask for next
 */
public record EventBatch(List<JobEventRecord> events,
    @JsonPropertyDescription("What to ask for next, as from.") long next) implements WireMessage {
  public EventBatch {
    events = List.copyOf(events);
  }
}
