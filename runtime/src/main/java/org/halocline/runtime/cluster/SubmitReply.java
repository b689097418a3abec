package org.halocline.runtime.cluster;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import org.halocline.runtime.WireMessage;
import org.halocline.runtime.config.Problem;

/** What became of a job that was handed in. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
@JsonSubTypes({@JsonSubTypes.Type(SubmitReply.Submitted.class), @JsonSubTypes.Type(SubmitReply.Refused.class)})
public sealed interface SubmitReply extends WireMessage {

  /**
   * The order is on disk.
   *
   * @param known whether it was there before; its state is then that of the earlier submission
   */
  record Submitted(JobStatus job, boolean known) implements SubmitReply {}

  /** @param denied whether the token was wrong, and not the order */
  record Refused(boolean denied, List<Problem> problems) implements SubmitReply {
    public Refused {
      problems = List.copyOf(problems);
    }
  }
}
