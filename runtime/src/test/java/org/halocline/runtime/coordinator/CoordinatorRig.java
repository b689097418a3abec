package org.halocline.runtime.coordinator;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.halocline.runtime.cluster.ClusterRequest;
import org.halocline.runtime.cluster.CoordinatorMessage;
import org.halocline.runtime.cluster.EventBatch;
import org.halocline.runtime.cluster.JobEventRecord;
import org.halocline.runtime.cluster.JobOrder;
import org.halocline.runtime.cluster.JobReply;
import org.halocline.runtime.cluster.JobStatus;
import org.halocline.runtime.cluster.SubmitReply;
import org.halocline.runtime.files.StorageException;
import org.halocline.runtime.job.JobEvent;
import org.halocline.runtime.job.JobFile;
import org.halocline.runtime.job.JobKinds;
import org.halocline.runtime.rank.NodeAgent;
import org.halocline.runtime.rank.NodeFacts;
import org.halocline.runtime.rank.SharedDataPlane;
import org.halocline.runtime.state.StateDirectory;
import org.halocline.runtime.store.FileJobStore;
import org.halocline.runtime.store.JobStore;
import org.halocline.runtime.supervisor.Timeouts;
import org.halocline.runtime.support.CoreLanes;
import org.halocline.runtime.support.CountKind;
import org.halocline.runtime.support.EchoHost;
import org.halocline.runtime.support.ToyKind;
import org.halocline.transport.DataPlaneSettings;

/**
 * Coordinators and agents in one actor system, on one state directory: a second coordinator is the first one's
 * successor.
 */
final class CoordinatorRig implements AutoCloseable {
  static final JobKinds KINDS = new JobKinds(List.of(new CountKind(), new ToyKind()));
  private static final Duration WAIT = Duration.ofMinutes(3);

  private final Path directory;
  private final ActorTestKit kit = ActorTestKit.create("coordinators", ConfigFactory.parseString("""
      pekko.actor.provider = local
      pekko.actor.serialize-messages = on
      """).withFallback(ConfigFactory.parseResources("halocline-node.conf"))
      .withFallback(ConfigFactory.defaultReference()).resolve());

  /** @param directory for the state */
  CoordinatorRig(Path directory) {
    this.directory = directory;
  }

  ActorTestKit kit() {
    return kit;
  }

  StateDirectory state() throws StorageException {
    return StateDirectory.open(directory, "tea");
  }

  ActorRef<CoordinatorMessage> coordinator(String node) throws StorageException {
    return coordinator(node, Clock.systemUTC());
  }

  ActorRef<CoordinatorMessage> coordinator(String node, Clock clock) throws StorageException {
    return kit.spawn(Coordinator
        .create(new Coordinator.Setup(node, "tea", name -> FileJobStore.takeOver(state(), name), KINDS, clock,
            Timeouts.usual(), () -> {})));
  }

  ActorRef<NodeAgent.Command> agent(int lanes) throws Exception {
    return kit.spawn(NodeAgent.create("node", new CoreLanes().open(lanes, 64L << 20), new EchoHost(),
        new SharedDataPlane(DataPlaneSettings.defaults()), new NodeFacts("test", 64L << 20, state()::proof)));
  }

  static JobOrder order(String text) {
    JobFile file = JobFile.parse("job.conf", Path.of("/tmp"), text).orThrow();
    return JobOrder.of(KINDS.check(file).orThrow().spec().orThrow(), file);
  }

  String submit(ActorRef<CoordinatorMessage> coordinator, JobOrder order) throws StorageException {
    TestProbe<SubmitReply> replies = kit.createTestProbe(SubmitReply.class);
    coordinator.tell(new ClusterRequest.Submit(order, state().token(), replies.getRef()));
    return assertInstanceOf(SubmitReply.Submitted.class, replies.receiveMessage(WAIT)).job().id();
  }

  String submit(ActorRef<CoordinatorMessage> coordinator, String text) throws StorageException {
    return submit(coordinator, order(text));
  }

  /** What was told of a job until an event came, this one included. */
  List<JobEvent> until(ActorRef<CoordinatorMessage> coordinator, String id, Predicate<JobEvent> wanted) {
    TestProbe<EventBatch> batches = kit.createTestProbe(EventBatch.class);
    List<JobEvent> told = new ArrayList<>();
    long next = 0;
    while (true) {
      coordinator.tell(new ClusterRequest.Follow(Optional.of(id), next, batches.getRef()));
      EventBatch batch = batches.receiveMessage(WAIT);
      next = batch.next();
      for (JobEventRecord event : batch.events()) {
        told.add(event.event());
        if (wanted.test(event.event()))
          return told;
      }
    }
  }

  JobEvent end(ActorRef<CoordinatorMessage> coordinator, String id) {
    return until(coordinator, id, JobEvent::isLast).getLast();
  }

  JobStatus status(ActorRef<CoordinatorMessage> coordinator, String id) {
    TestProbe<JobReply> replies = kit.createTestProbe(JobReply.class);
    coordinator.tell(new ClusterRequest.DescribeJob(id, replies.getRef()));
    return assertInstanceOf(JobReply.Found.class, replies.receiveMessage(WAIT)).job();
  }

  /** Of a coordinator that does not run. */
  ClusterJobs earlierJobs() throws Exception {
    CompletableFuture<ClusterJobs> made = new CompletableFuture<>();
    kit.spawn(Behaviors.<CoordinatorMessage>setup(context -> Behaviors.withTimers(timers -> {
      made.complete(new ClusterJobs(context, timers, new ClusterJobs.Means(new JobStore() {
      }, null, null, null, KINDS,
          Clock.systemUTC(), Timeouts.usual())));
      return Behaviors.empty();
    })));
    return made.get(3, TimeUnit.MINUTES);
  }

  @Override
  public void close() {
    kit.shutdownTestKit();
  }
}
