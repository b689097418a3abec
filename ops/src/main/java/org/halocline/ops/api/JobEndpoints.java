package org.halocline.ops.api;

import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.halocline.ops.http.Answers;
import org.halocline.ops.http.Call;
import org.halocline.ops.http.Endpoint;
import org.halocline.ops.http.Parameter;
import org.halocline.ops.http.Refusal;
import org.halocline.runtime.cluster.CancelReply;
import org.halocline.runtime.cluster.JobList;
import org.halocline.runtime.cluster.JobOrder;
import org.halocline.runtime.cluster.JobState;
import org.halocline.runtime.cluster.JobStatus;
import org.halocline.runtime.cluster.SubmitReply;
import org.halocline.runtime.config.Problem;
import org.halocline.runtime.config.Settings;

/** Jobs: which there are, how one is, a new one, the end of one. */
record JobEndpoints(NodeApi api, JobOrders orders) {
  private static final String JOBS = NodeApi.ROOT + "/jobs";
  private static final String JOB = JOBS + "/{id}";
  /** A job file may have 128 KiB, given and resolved; JSON's escapes come on top. */
  private static final int MOST_BODY = 1 << 20;
  private static final int USUAL = 50;
  private static final Parameter SKIP = Parameter.query("skip", 0, Integer.MAX_VALUE,
      "How many of the newest to leave out.");
  private static final Parameter MOST = Parameter.query("most", 1, 500,
      "How many at most; " + USUAL + " where left out.");

  List<Endpoint> all() {
    return List.of(
        Endpoint.of("GET", JOBS, Endpoint.Access.READ, "Jobs, newest first.", this::list).takes(SKIP, MOST)
            .answers(200, JobList.class).refuses(Refusal.UNAVAILABLE),
        Endpoint.of("GET", JOB, Endpoint.Access.READ, "One job.", call -> Answers.ok(api.job(call.segment("id"))))
            .answers(200, JobStatus.class).refuses(Refusal.NOT_FOUND, Refusal.UNAVAILABLE),
        api.proxy()
            .endpoint("POST", JOBS, Endpoint.Access.CHANGE,
                "Hands in a job. The answer comes when the job is on disk; the same job twice runs once.", this::submit)
            .reads(Endpoint.JSON).takes(JobOrders.KEYS).answers(200, Submitted.class).answers(201, Submitted.class)
            .refuses(Refusal.BAD_INPUT),
        cancelling("POST", JOB + "/cancel"), cancelling("DELETE", JOB));
  }

  private Endpoint cancelling(String method, String path) {
    return Endpoint.of(method, path, Endpoint.Access.CANCEL, "Ends a job soon, with a checkpoint.", this::cancel)
        .answers(202, JobStatus.class).refuses(Refusal.NOT_FOUND, Refusal.CONFLICT, Refusal.UNAVAILABLE);
  }

  private record Submitted(JobStatus job, boolean known) {}

  private HttpResponse list(Call call) throws Refusal, InterruptedException {
    int skip = (int) call.number(SKIP).orElse(0);
    int most = (int) call.number(MOST).orElse(USUAL);
    List<JobStatus> jobs = new ArrayList<>();
    JobList some;
    do { // one message holds only some of them
      int from = skip + jobs.size();
      some = NodeApi.answered(api.cluster().jobs(from, most - jobs.size()));
      jobs.addAll(some.jobs());
    } while (!some.jobs().isEmpty() && jobs.size() < most && skip + jobs.size() < some.all());
    return Answers.ok(new JobList(jobs, some.all()));
  }

  private HttpResponse submit(Call call) throws Refusal, InterruptedException {
    JobOrder order = orders.order(call.json(MOST_BODY));
    return switch (NodeApi.answered(api.cluster().submit(order))) {
      case SubmitReply.Submitted(JobStatus job, boolean known) ->
        Answers.of(known ? 200 : 201, new Submitted(job, known))
            .addHeader(RawHeader.create("Location", JOBS + "/" + job.id()));
      case SubmitReply.Refused(boolean denied, List<Problem> problems) ->
        throw new Refusal(denied ? Refusal.FORBIDDEN : Refusal.BAD_INPUT, problems);
    };
  }

  private HttpResponse cancel(Call call) throws Refusal, InterruptedException {
    String id = call.segment("id");
    return switch (NodeApi.answered(api.cluster().cancel(id, "cancelled over HTTP"))) {
      case CancelReply.Cancelling(JobStatus job) when job.state() == JobState.FINISHED
          || job.state() == JobState.FAILED ->
        throw new Refusal(Refusal.CONFLICT, new Problem("job", job.id(), "has ended before: it is "
            + Settings.dashed(job.state()), "there is nothing to cancel"));
      case CancelReply.Cancelling(JobStatus job) -> Answers.of(202, job);
      case CancelReply.Unknown _ -> throw NodeApi.unknown(id);
      case CancelReply.Denied _ -> throw new Refusal(Refusal.FORBIDDEN, Problem.of("token",
          "this node's is not the coordinator's", "give all nodes of a cluster the same state directory"));
    };
  }
}
