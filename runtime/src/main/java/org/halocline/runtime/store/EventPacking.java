package org.halocline.runtime.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.halocline.runtime.cluster.EventBatch;
import org.halocline.runtime.cluster.JobEventRecord;
import org.halocline.runtime.cluster.MessageText;
import org.halocline.runtime.job.Done;
import org.halocline.runtime.job.Doubts;
import org.halocline.runtime.job.JobEvent;
import org.halocline.runtime.job.Recovery;

/**
 * Puts events into messages, as many as one holds. A text that is too long for that is cut; it is in the job's log.
 * Pure.
 */
public final class EventPacking {
  private static final int MOST_BYTES = 32 << 10;
  private static final int OF_A_RECORD = 200;
  private static final int OF_A_NUMBER = 24;

  private EventPacking() {}

  /**
   * As many of the first as one message holds.
   *
   * @param events at least one
   */
  public static EventBatch batch(List<JobEventRecord> events) {
    List<JobEventRecord> held = new ArrayList<>();
    int bytes = 0;
    for (JobEventRecord record : events) {
      JobEvent fitting = bytes(record.event()) <= MOST_BYTES ? record.event() : shortened(record.event());
      bytes += OF_A_RECORD + bytes(fitting);
      if (!held.isEmpty() && bytes > MOST_BYTES)
        break;
      held.add(new JobEventRecord(record.number(), record.atEpochMillis(), record.jobId(), fitting));
    }
    return new EventBatch(held, held.getLast().number() + 1);
  }

  private static int bytes(JobEvent event) {
    return switch (event) {
      case JobEvent.Accepted(String jobId, String runDirectory, _) -> bytes(jobId) + bytes(runDirectory);
      case JobEvent.Planned(_, String explanation) -> bytes(explanation);
      case JobEvent.Progress(String source, _, String line, Map<String, Double> numbers) ->
        bytes(source) + bytes(line) + numbers.keySet().stream().mapToInt(name -> bytes(name) + OF_A_NUMBER).sum();
      case JobEvent.Checkpointed(String source, _, _, _) -> bytes(source);
      case JobEvent.Waiting(String why) -> bytes(why);
      case JobEvent.Interrupted(String why, _) -> bytes(why);
      case JobEvent.Recovered(Recovery recovery) -> bytes(recovery.cause());
      case JobEvent.Finished(String table, String summary) -> bytes(table) + bytes(summary);
      case JobEvent.AlreadyFinished(String table, String summary) -> bytes(table) + bytes(summary);
      case JobEvent.Failed(_, String message) -> bytes(message);
      case JobEvent.Cancelled(String reason) -> bytes(reason);
      case JobEvent.ClusterChanged(_, String node, String line) -> bytes(node) + bytes(line);
    };
  }

  private static JobEvent shortened(JobEvent event) {
    return switch (event) {
      case JobEvent.Accepted(String jobId, String runDirectory, int incarnation) ->
        new JobEvent.Accepted(cut(jobId), cut(runDirectory), incarnation);
      case JobEvent.Planned planned -> new JobEvent.Planned(planned.layout(), cut(planned.explanation()));
      case JobEvent.Progress(String source, Done done, String line, _) ->
        new JobEvent.Progress(cut(source), done, cut(line), Map.of());
      case JobEvent.Checkpointed(String source, double millis, long bytes, double share) ->
        new JobEvent.Checkpointed(cut(source), millis, bytes, share);
      case JobEvent.Waiting(String why) -> new JobEvent.Waiting(cut(why));
      case JobEvent.Interrupted(String why, int restarts) -> new JobEvent.Interrupted(cut(why), restarts);
      case JobEvent.Recovered(Recovery got) -> new JobEvent.Recovered(
          new Recovery(cut(got.cause()), got.detectMillis(), got.replanMillis(), got.lostMillis()));
      case JobEvent.Finished(_, String summary) -> new JobEvent.Finished("see table.txt\n", verdict(summary));
      case JobEvent.AlreadyFinished(_, String summary) ->
        new JobEvent.AlreadyFinished("see table.txt\n", verdict(summary));
      case JobEvent.Failed(boolean badInput, String message) -> new JobEvent.Failed(badInput, cut(message));
      case JobEvent.Cancelled(String reason) -> new JobEvent.Cancelled(cut(reason));
      case JobEvent.ClusterChanged(JobEvent.Change change, String node, String line) ->
        new JobEvent.ClusterChanged(change, cut(node), cut(line));
    };
  }

  /** Of a summary that is too long: whether the results are to be believed. */
  private static String verdict(String summary) {
    return Doubts.summary(Doubts.of(summary).stream().limit(1).map(EventPacking::cut).toList());
  }

  /** To a length that takes at most a third of a message, with any letters. */
  private static String cut(String text) {
    return MessageText.cut(text, MOST_BYTES / 9);
  }

  private static int bytes(String text) {
    return MessageText.bytes(text);
  }
}
