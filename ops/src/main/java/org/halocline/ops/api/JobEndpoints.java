package org.halocline.ops.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.halocline.ops.http.Answers;
import org.halocline.ops.http.Call;
import org.halocline.ops.http.Endpoint;
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
final class JobEndpoints {
  private static final String JOBS = NodeApi.ROOT + "/jobs";
  private static final String JOB = JOBS + "/{id}";
  /** A job file may have 128 KiB, given and resolved; JSON's escapes come on top. */
  private static final int MOST_BODY = 1 << 20;
  private static final int USUAL = 50;
  private static final int MOST = 500;

  private final NodeApi api;
  private final JobOrders submissions;

  JobEndpoints(NodeApi api, JobOrders submissions) {
    this.api = api;
    this.submissions = submissions;
  }

  List<Endpoint> all() {
    return List.of(new Endpoint("GET", JOBS, Endpoint.Access.READ, this::list),
        new Endpoint("GET", JOB, Endpoint.Access.READ, call -> Answers.ok(api.job(call.segment("id")))),
        api.relay().endpoint("POST", JOBS, Endpoint.Access.CHANGE, this::submit),
        new Endpoint("POST", JOB + "/cancel", Endpoint.Access.CANCEL, this::cancel),
        new Endpoint("DELETE", JOB, Endpoint.Access.CANCEL, this::cancel));
  }

  private HttpResponse list(Call call) throws Refusal, InterruptedException {
    int skip = (int) call.query("skip", 0, 0, Integer.MAX_VALUE);
    int most = (int) call.query("most", USUAL, 1, MOST);
    List<JobStatus> jobs = new ArrayList<>();
    JobList some;
    do { // one message holds only some of them
      int from = skip + jobs.size();
      some = NodeApi.answered(() -> api.cluster().jobs(from, most - jobs.size()));
      jobs.addAll(some.jobs());
    } while (!some.jobs().isEmpty() && jobs.size() < most && skip + jobs.size() < some.all());
    return Answers.ok(new JobList(jobs, some.all()));
  }

  private HttpResponse submit(Call call) throws Refusal, InterruptedException {
    JsonNode body = call.json(MOST_BODY);
    JobOrder order = submissions.order(body);
    return switch (NodeApi.answered(() -> api.cluster().submit(order, api.token()))) {
      case SubmitReply.Submitted(JobStatus job, boolean known) ->
        Answers.of(known ? 200 : 201, Map.of("job", job, "known", known))
            .addHeader(RawHeader.create("Location", JOBS + "/" + job.id()));
      case SubmitReply.Refused(boolean denied, List<Problem> problems) ->
        throw new Refusal(denied ? Refusal.FORBIDDEN : Refusal.BAD_INPUT, problems);
    };
  }

  private HttpResponse cancel(Call call) throws Refusal, InterruptedException {
    String id = call.segment("id");
    return switch (NodeApi.answered(() -> api.cluster().cancel(id, "cancelled over HTTP", api.token()))) {
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
