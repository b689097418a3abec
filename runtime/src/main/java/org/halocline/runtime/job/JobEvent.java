package org.halocline.runtime.job;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.Map;
import java.util.Objects;
import org.halocline.runtime.WireMessage;
import org.halocline.runtime.layout.Layout;

/**
 * How a job goes on, told to the client that submitted it. {@link #isLast} tells those that end it; one of them always
 * comes.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
@JsonSubTypes({@JsonSubTypes.Type(JobEvent.Accepted.class), @JsonSubTypes.Type(JobEvent.Planned.class),
    @JsonSubTypes.Type(JobEvent.Progress.class), @JsonSubTypes.Type(JobEvent.Checkpointed.class),
    @JsonSubTypes.Type(JobEvent.Waiting.class), @JsonSubTypes.Type(JobEvent.Interrupted.class),
    @JsonSubTypes.Type(JobEvent.Recovered.class),
    @JsonSubTypes.Type(JobEvent.Finished.class), @JsonSubTypes.Type(JobEvent.AlreadyFinished.class),
    @JsonSubTypes.Type(JobEvent.Failed.class),
    @JsonSubTypes.Type(JobEvent.Cancelled.class), @JsonSubTypes.Type(JobEvent.ClusterChanged.class)})
public sealed interface JobEvent extends WireMessage {

  /** The run directory is open. */
  record Accepted(String jobId, String runDirectory, int incarnation) implements JobEvent {}

  record Planned(Layout layout, String explanation) implements JobEvent {}

  /**
   * News from a part of the job.
   *
   * @param source name of the part; a later line of the same source replaces the earlier one on a terminal
   * @param done how far it has come
   * @param line for people
   * @param numbers the same for programs, by dashed name
   */
  record Progress(String source, Done done, String line, Map<String, Double> numbers) implements JobEvent {
    private static final String NOTE = "note";

    /** Events of earlier versions do not say how far a part has come. */
    public Progress {
      done = Objects.requireNonNullElseGet(done, Done::unknown);
    }

    /** A line that no later line replaces. */
    public static Progress note(String line) {
      return new Progress(NOTE, Done.unknown(), line, Map.of());
    }

    @JsonIgnore
    public boolean isNote() {
      return source.equals(NOTE);
    }
  }

  /**
   * A part of the job can go on from here.
   *
   * @param source which part: "chain 2"
   * @param millis that the part waited for it
   * @param bytes written
   * @param share of the part's wall time that its checkpoints have taken so far
   */
  record Checkpointed(String source, double millis, long bytes, double share) implements JobEvent {}

  /** In a cluster: the job is in the queue. */
  record Waiting(String why) implements JobEvent {}

  /**
   * In a cluster: this start of the job has ended before its time; it is started again.
   *
   * @param why what happened
   * @param restarts how many starts without progress there have been in a row, this one included
   */
  record Interrupted(String why, int restarts) implements JobEvent {}

  /** In a cluster: the job runs again after it was interrupted. */
  record Recovered(Recovery recovery) implements JobEvent {}

  /**
   * All is written. The runtime keeps both in the run directory, as table.txt and summary.json.
   *
   * @param table for people; may be empty
   * @param summary for programs, JSON; may be empty; says by {@link Doubts} where the results are not to be believed
   */
  record Finished(String table, String summary) implements JobEvent {}

  /** The run had finished before; nothing was computed. */
  record AlreadyFinished(String table, String summary) implements JobEvent {}

  /** @param badInput whether the job is at fault: exit code 2, else 1 */
  record Failed(boolean badInput, String message) implements JobEvent {}

  /** The run can be resumed. */
  record Cancelled(String reason) implements JobEvent {}

  /**
   * Of the cluster, not of a job: a node has come or gone, or another one coordinates.
   *
   * @param node the node that this is about
   * @param line the same as a sentence for people
   */
  record ClusterChanged(Change change, String node, String line) implements JobEvent {}

  enum Change {
    @JsonProperty("joined")
    JOINED,
    @JsonProperty("left")
    LEFT,
    @JsonProperty("unreachable")
    UNREACHABLE,
    /** It can be reached again. */
    @JsonProperty("returned")
    RETURNED,
    /** It coordinates from now on. */
    @JsonProperty("coordinates")
    COORDINATES
  }

  /** Whether nothing comes after it. */
  @JsonIgnore
  default boolean isLast() {
    return switch (this) {
      case Accepted _,Planned _,Progress _,Checkpointed _,Waiting _,Interrupted _,Recovered _,ClusterChanged _ -> false;
      case Finished _,AlreadyFinished _,Failed _,Cancelled _ -> true;
    };
  }
}
