package org.halocline.runtime.coordinator;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.halocline.runtime.cluster.CancelReply;
import org.halocline.runtime.cluster.ClusterRequest;
import org.halocline.runtime.cluster.JobList;
import org.halocline.runtime.cluster.JobReply;
import org.halocline.runtime.cluster.JobStatus;
import org.halocline.runtime.store.JobKey;

/**
 * Answers questions about single jobs. A job that has ended may have to be read first. A question about a job that the
 * disk does not give now is not answered: the client asks again. All methods are called on the coordinator's thread.
 */
record JobAnswers(ClusterJobs jobs) {
  void describe(ClusterRequest.DescribeJob asked) {
    String id = asked.jobId();
    Optional<JobEntry> there = jobs.find(id);
    if (there.isPresent())
      asked.replyTo().tell(new JobReply.Found(StatusReport.alone(jobs.whole(there.get()))));
    else if (jobs.ended().find(id).isEmpty())
      asked.replyTo().tell(new JobReply.Unknown(id));
    else
      jobs.ended().find(asked, List.of(id)).ifPresent(found -> described(asked, found));
  }

  void described(ClusterRequest.DescribeJob asked, Map<String, JobStatus> found) {
    found.values().forEach(status -> asked.replyTo().tell(new JobReply.Found(StatusReport.alone(status))));
  }

  void list(ClusterRequest.ListJobs asked) {
    List<String> page = Stream.concat(jobs.entries().map(job -> job.order.key()), jobs.ended().newestFirst())
        .sorted(JobKey.NEWEST_FIRST).skip(Math.max(0, asked.skip()))
        .limit(Math.clamp(asked.most(), 0, StatusReport.MOST_JOBS)).map(JobKey::id).toList();
    jobs.ended().find(asked, page).ifPresent(found -> listed(asked, page, found));
  }

  void listed(ClusterRequest.ListJobs asked, List<String> page, Map<String, JobStatus> found) {
    List<JobStatus> statuses = page.stream()
        .flatMap(id -> jobs.find(id).map(jobs::whole).or(() -> Optional.ofNullable(found.get(id))).stream()).toList();
    asked.replyTo().tell(new JobList(StatusReport.shortened(statuses), jobs.all()));
  }

  void cancel(ClusterRequest.Cancel asked) {
    String id = asked.jobId();
    if (!jobs.isToken(asked.token()))
      asked.replyTo().tell(new CancelReply.Denied(id));
    else if (jobs.find(id).isPresent())
      jobs.cancel(jobs.find(id).get(), asked);
    else if (jobs.ended().find(id).isEmpty())
      asked.replyTo().tell(new CancelReply.Unknown(id));
    else
      jobs.ended().find(asked, List.of(id)).ifPresent(found -> cancelled(asked, found));
  }

  void cancelled(ClusterRequest.Cancel asked, Map<String, JobStatus> found) {
    found.values().forEach(status -> asked.replyTo().tell(new CancelReply.Cancelling(StatusReport.shortened(status))));
  }
}
