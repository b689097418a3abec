package org.halocline.sampler.job.infer;

import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.halocline.domain.DomainRankHost;
import org.halocline.domain.lane.CoreLanes;
import org.halocline.runtime.cluster.JobOrder;
import org.halocline.runtime.job.JobEvent;
import org.halocline.runtime.job.JobFile;
import org.halocline.runtime.job.JobKinds;
import org.halocline.runtime.lane.LaneSource;
import org.halocline.runtime.node.HaloclineNode;
import org.halocline.runtime.node.NodeParts;
import org.halocline.runtime.node.NodeSettings;
import org.halocline.sampler.job.JobDriver;
import org.halocline.transport.DataPlaneSettings;

/** A one-node cluster that runs inferences, with every message serialized as if it crossed nodes. */
final class InferNode implements AutoCloseable {
  private static final List<JobDriver> DRIVERS = JobDriver.all();
  static final JobKinds KINDS = new JobKinds(List.copyOf(DRIVERS));

  private static final String SERIALIZE = """
      pekko.actor {
        serialize-messages = on
        no-serialization-verification-needed-class-prefix = ["org.apache.pekko."]
      }
      """;

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

  private InferNode(HaloclineNode node) {
    this.node = node;
  }

  static InferNode start(int lanes, OptionalLong shakeSeed) {
    return start(lanes, shakeSeed, List.of(new CoreLanes()));
  }

  static InferNode start(int lanes, OptionalLong shakeSeed, List<LaneSource> sources) {
    DataPlaneSettings plane = DataPlaneSettings.defaults().withTermLengths(1 << 20, 1 << 20);
    NodeSettings settings = NodeSettings.defaults().withLanes(lanes, 2L << 30)
        .withDataPlane(shakeSeed.isPresent() ? plane.withShake(shakeSeed.getAsLong()) : plane)
        .withOverrides(ConfigFactory.parseString(SERIALIZE));
    return new InferNode(HaloclineNode.start(settings,
        new NodeParts(KINDS, sources, new DomainRankHost(List.copyOf(DRIVERS)))));
  }

  Ended run(String text, Path inputs, Path output, boolean resume) throws Exception {
    List<JobEvent> events = new CopyOnWriteArrayList<>();
    Run run = submit(text, inputs, output, resume, events::add);
    return new Ended(run.last().get(900, TimeUnit.SECONDS), events, output);
  }

  Run submit(String text, Path inputs, Path output, boolean resume, Consumer<JobEvent> events) {
    JobFile file = JobFile.parse("job.conf", inputs, text).orThrow();
    return Run.of(node, JobOrder.of(KINDS.check(file).orThrow().spec().orThrow(), file).in(output, resume), events);
  }

  @Override
  public void close() {
    node.close();
  }
}
