package org.halocline.runtime.cluster;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.halocline.runtime.WireMessage;

/** What became of a {@link ClusterRequest.Cancel}. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
@JsonSubTypes({@JsonSubTypes.Type(CancelReply.Cancelling.class), @JsonSubTypes.Type(CancelReply.Unknown.class),
    @JsonSubTypes.Type(CancelReply.Denied.class)})
public sealed interface CancelReply extends WireMessage {

  /** It ends soon, or had ended before; its events tell. */
  record Cancelling(JobStatus job) implements CancelReply {}

  record Unknown(String jobId) implements CancelReply {}

  record Denied(String jobId) implements CancelReply {}
}
