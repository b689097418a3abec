package org.halocline.ops.http;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.io.IOException;
import java.util.Map;
import org.halocline.runtime.cluster.JobState;
import org.halocline.runtime.cluster.JobStatus.SourceProgress;
import org.halocline.runtime.config.Settings;
import org.halocline.runtime.config.StrictJson;
import org.halocline.runtime.job.Done;
import org.halocline.runtime.job.JobEvent;

/**
 * How the records of a cluster are written for programs: dashed names, states in lower case, a {@code type} for events.
 */
final class ApiJson {
  private ApiJson() {}

  static ObjectMapper mapper() {
    return StrictJson.builder().addModule(new Jdk8Module())
        .addModule(new SimpleModule().addSerializer(JobState.class, new StateAsText()))
        .addMixIn(JobEvent.class, EventType.class)
        .addMixIn(JobEvent.Progress.class, NumbersOnly.class).addMixIn(SourceProgress.class, Numbers.class)
        .propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
        .defaultPropertyInclusion(
            JsonInclude.Value.construct(JsonInclude.Include.NON_ABSENT, JsonInclude.Include.NON_ABSENT))
        .build();
  }

  private static final class StateAsText extends StdSerializer<JobState> {
    StateAsText() {
      super(JobState.class);
    }

    @Override
    public void serialize(JobState state, JsonGenerator json, SerializerProvider provider) throws IOException {
      json.writeString(Settings.dashed(state));
    }
  }

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
  @JsonSubTypes({@JsonSubTypes.Type(name = "accepted", value = JobEvent.Accepted.class),
      @JsonSubTypes.Type(name = "planned", value = JobEvent.Planned.class),
      @JsonSubTypes.Type(name = "progress", value = JobEvent.Progress.class),
      @JsonSubTypes.Type(name = "checkpointed", value = JobEvent.Checkpointed.class),
      @JsonSubTypes.Type(name = "waiting", value = JobEvent.Waiting.class),
      @JsonSubTypes.Type(name = "interrupted", value = JobEvent.Interrupted.class),
      @JsonSubTypes.Type(name = "recovered", value = JobEvent.Recovered.class),
      @JsonSubTypes.Type(name = "finished", value = JobEvent.Finished.class),
      @JsonSubTypes.Type(name = "already-finished", value = JobEvent.AlreadyFinished.class),
      @JsonSubTypes.Type(name = "failed", value = JobEvent.Failed.class),
      @JsonSubTypes.Type(name = "cancelled", value = JobEvent.Cancelled.class),
      @JsonSubTypes.Type(name = "cluster-changed", value = JobEvent.ClusterChanged.class)})
  private interface EventType {}

  /** The numbers tell the same as {@code done}, by the names that programs read. */
  private interface NumbersOnly {
    @JsonIgnore
    Done done();
  }

  /** A part of a job is written as its numbers. */
  private interface Numbers extends NumbersOnly {
    @JsonAnyGetter
    Map<String, Double> numbers();
  }
}
