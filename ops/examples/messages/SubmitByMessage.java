import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.halocline.ops.plan.Jobs;
import org.halocline.runtime.client.ClusterClient;
import org.halocline.runtime.client.ClusterConnection;
import org.halocline.runtime.client.Following;
import org.halocline.runtime.cluster.JobOrder;
import org.halocline.runtime.cluster.JobTerms;
import org.halocline.runtime.cluster.SubmitReply;
import org.halocline.runtime.config.Problem;
import org.halocline.runtime.job.JobEvent;
import org.halocline.runtime.job.JobFile;
import org.halocline.runtime.job.JobSpec;

/** Submits a job to a cluster by message, from a process without lanes, and follows it to its end. */
public final class SubmitByMessage {
  private SubmitByMessage() {}

  /** Arguments: host:port of a node, the cluster's token, a job file whose inputs every node can read. */
  public static void main(String[] arguments) throws Exception {
    JobFile file = JobFile.read(Path.of(arguments[2])).orThrow();
    JobSpec spec = Jobs.kinds().check(file).orThrow().spec().orThrow();
    CompletableFuture<JobEvent> end = new CompletableFuture<>();
    try (ClusterConnection connection = ClusterConnection.to(List.of(arguments[0]), arguments[1])) {
      ClusterClient cluster = connection.client();
      JobOrder order = JobOrder.of(spec, file).on(JobTerms.usual().withPriority(5));
      switch (cluster.submit(order).toCompletableFuture().get()) { // it is on disk, or refused
        case SubmitReply.Submitted(var job, boolean known) ->
          System.out.println(job.id() + (known ? " was there" : " is submitted"));
        case SubmitReply.Refused(boolean denied, List<Problem> problems) ->
          throw new IllegalArgumentException(Problem.lines(problems));
      }
      try (Following _ = cluster.follow(Optional.of(spec.id()), 0, record -> {
        System.out.println(record.number() + " " + record.event());
        if (record.event().isLast())
          end.complete(record.event());
      })) {
        System.out.println("the end: " + end.get());
      }
    }
  }
}
