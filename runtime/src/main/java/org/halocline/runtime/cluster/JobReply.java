package org.halocline.runtime.cluster;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.halocline.runtime.WireMessage;

@JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
@JsonSubTypes({@JsonSubTypes.Type(JobReply.Found.class), @JsonSubTypes.Type(JobReply.Unknown.class)})
public sealed interface JobReply extends WireMessage {

  record Found(JobStatus job) implements JobReply {}

  record Unknown(String jobId) implements JobReply {}
}
