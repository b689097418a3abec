package org.halocline.runtime.coordinator;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.halocline.runtime.cluster.CancelReply;
import org.halocline.runtime.cluster.ClusterRequest;
import org.halocline.runtime.cluster.JobList;
import org.halocline.runtime.cluster.JobReply;
import org.halocline.runtime.cluster.JobStatus;
import org.halocline.runtime.store.JobKey;

/**
 * Answers what is asked of single jobs. A job that has ended may have to be read. Where the disk does not give it, no
 * client is told that there is no such job, and a client that asks again is answered later. All methods are called on
 * the coordinator's thread.
 */
final class JobAnswers {
  private final ClusterJobs jobs;
  private final EndedJobs ended;

  JobAnswers(ClusterJobs jobs) {
    this.jobs = jobs;
    this.ended = jobs.ended();
  }

  void describe(ClusterRequest.DescribeJob asked) {
    String id = asked.jobId();
    Optional<JobEntry> there = jobs.find(id);
    if (there.isPresent())
      asked.replyTo().tell(new JobReply.Found(StatusReport.alone(jobs.whole(there.get()))));
    else if (ended.find(id).isEmpty())
      asked.replyTo().tell(new JobReply.Unknown(id));
    else
      ended.statuses(List.of(id), found -> Optional.ofNullable(found.get(id))
          .ifPresent(status -> asked.replyTo().tell(new JobReply.Found(StatusReport.alone(status)))));
  }

  void list(ClusterRequest.ListJobs asked) {
    List<String> page = Stream.concat(jobs.entries().map(job -> job.order.key()), ended.newestFirst())
        .sorted(JobKey.NEWEST_FIRST).skip(Math.max(0, asked.skip()))
        .limit(Math.clamp(asked.most(), 0, StatusReport.MOST_JOBS)).map(JobKey::id).toList();
    ended.statuses(page.stream().filter(id -> jobs.find(id).isEmpty()).toList(), found -> {
      List<JobStatus> statuses = page.stream()
          .flatMap(id -> jobs.find(id).map(jobs::whole).or(() -> Optional.ofNullable(found.get(id))).stream()).toList();
      asked.replyTo().tell(new JobList(StatusReport.shortened(statuses), jobs.all()));
    });
  }

  void cancel(ClusterRequest.Cancel asked) {
    String id = asked.jobId();
    if (!jobs.isToken(asked.token()))
      asked.replyTo().tell(new CancelReply.Denied(id));
    else if (jobs.find(id).isPresent())
      jobs.cancel(jobs.find(id).get(), asked.reason(),
          status -> asked.replyTo().tell(new CancelReply.Cancelling(status)));
    else if (ended.find(id).isEmpty())
      asked.replyTo().tell(new CancelReply.Unknown(id));
    else
      ended.statuses(List.of(id), found -> Optional.ofNullable(found.get(id))
          .ifPresent(status -> asked.replyTo().tell(new CancelReply.Cancelling(StatusReport.shortened(status)))));
  }
}
