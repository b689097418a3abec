package org.halocline.sampler.job;

import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.halocline.domain.DomainRankHost;
import org.halocline.runtime.cluster.JobOrder;
import org.halocline.runtime.job.JobEvent;
import org.halocline.runtime.job.JobFile;
import org.halocline.runtime.job.JobKinds;
import org.halocline.runtime.lane.LaneSource;
import org.halocline.runtime.layout.Layout;
import org.halocline.runtime.layout.LayoutCost;
import org.halocline.runtime.node.HaloclineNode;
import org.halocline.runtime.node.NodeParts;
import org.halocline.runtime.node.NodeSettings;
import org.halocline.transport.DataPlaneSettings;

/** A one-node cluster that runs jobs, with every message serialized as if it crossed nodes. */
final class JobNode implements AutoCloseable {
  private static final JobKinds KINDS = new JobKinds(List.of(new SimulateKind(), new GradientKind()));
  private static final String SERIALIZE = """
      pekko.actor {
        serialize-messages = on
        no-serialization-verification-needed-class-prefix = ["org.apache.pekko."]
      }
      """;
  private static final long MEMORY = 2L << 30;
  private static final int SMALL_TERM = 1 << 20;

  /** How a job ended, and what it told before. */
  record Ended(JobEvent last, List<JobEvent> events, Path directory) {
    Path finished(String result) {
      if (!(last instanceof JobEvent.Finished))
        throw new AssertionError("expected the job to finish, but: " + last);
      return directory.resolve(result);
    }
  }

  /** A job that was submitted. */
  record Run(HaloclineNode node, String id, CompletableFuture<JobEvent> last) {
    static Run of(HaloclineNode node, JobOrder order, Consumer<JobEvent> listener) {
      return new Run(node, order.spec().id(), node.client().run(order, listener).toCompletableFuture());
    }

    void cancel(String reason) {
      node.client().cancel(id, reason);
    }
  }

  private final HaloclineNode node;

  private JobNode(HaloclineNode node) {
    this.node = node;
  }

  static JobNode start(int lanes, OptionalLong shakeSeed) {
    return start(lanes, shakeSeed, TestLanes.CORES);
  }

  static JobNode start(int lanes, OptionalLong shakeSeed, TestLanes kind) {
    return start(lanes, shakeSeed, kind.sources(lanes));
  }

  static JobNode start(int lanes, OptionalLong shakeSeed, List<LaneSource> sources) {
    DataPlaneSettings plane = DataPlaneSettings.defaults().withTermLengths(SMALL_TERM, SMALL_TERM);
    NodeSettings settings = NodeSettings.defaults().withLanes(lanes, MEMORY)
        .withDataPlane(shakeSeed.isPresent() ? plane.withShake(shakeSeed.getAsLong()) : plane)
        .withOverrides(ConfigFactory.parseString(SERIALIZE));
    NodeParts parts = new NodeParts(KINDS, sources,
        new DomainRankHost(List.of(new SimulateKind(), new GradientKind())));
    return new JobNode(HaloclineNode.start(settings, parts));
  }

  Ended run(String text, Path inputs, Path output) throws Exception {
    List<JobEvent> events = new CopyOnWriteArrayList<>();
    Run run = submit(text, inputs, output, events);
    JobEvent last = run.last().get(5, TimeUnit.MINUTES);
    return new Ended(last, events, output);
  }

  Run submit(String text, Path inputs, Path output, List<JobEvent> events) {
    return submit(text, inputs, output, false, events);
  }

  Run submit(String text, Path inputs, Path output, boolean resume, List<JobEvent> events) {
    JobFile file = JobFile.parse("job.conf", inputs, text).orThrow();
    return Run.of(node, JobOrder.of(KINDS.check(file).orThrow().spec().orThrow(), file).in(output, resume),
        events::add);
  }

  HaloclineNode node() {
    return node;
  }

  /** What one chain of a job takes of a device on its fullest rank, by the plan. */
  static long plannedDeviceBytes(String text, Path inputs, int x, int y) {
    LayoutCost cost = KINDS.check(JobFile.parse("job.conf", inputs, text).orThrow()).orThrow().plan()
        .cost(new Layout(1, x, y));
    return ((LayoutCost.Bytes) cost).largestDeviceBytes();
  }

  static Optional<String> problems(String text, Path inputs) {
    var checked = JobFile.parse("job.conf", inputs, text).then(KINDS::check);
    return checked.isValid() ? Optional.empty() : Optional.of(checked.problems().toString());
  }

  @Override
  public void close() {
    node.close();
  }
}
