package org.halocline.runtime.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import org.apache.pekko.serialization.Serializers;
import org.apache.pekko.serialization.jackson.JacksonCborSerializer;
import org.halocline.runtime.WireMessage;
import org.halocline.runtime.client.ClusterGateway;
import org.halocline.runtime.cluster.ActorStatus;
import org.halocline.runtime.cluster.CancelReply;
import org.halocline.runtime.cluster.ClusterRequest;
import org.halocline.runtime.cluster.ClusterStatus;
import org.halocline.runtime.cluster.EventBatch;
import org.halocline.runtime.cluster.JobEventRecord;
import org.halocline.runtime.cluster.JobList;
import org.halocline.runtime.cluster.JobOrder;
import org.halocline.runtime.cluster.JobReply;
import org.halocline.runtime.cluster.JobState;
import org.halocline.runtime.cluster.JobStatus;
import org.halocline.runtime.cluster.JobStatus.CheckpointCost;
import org.halocline.runtime.cluster.JobStatus.RankPlace;
import org.halocline.runtime.cluster.JobStatus.SourceProgress;
import org.halocline.runtime.cluster.JobTerms;
import org.halocline.runtime.cluster.SubmitReply;
import org.halocline.runtime.config.Problem;
import org.halocline.runtime.coordinator.Coordinator;
import org.halocline.runtime.job.Done;
import org.halocline.runtime.job.JobEvent;
import org.halocline.runtime.job.JobSpec;
import org.halocline.runtime.job.Recovery;
import org.halocline.runtime.layout.Layout;
import org.halocline.runtime.rank.DomainSpec;
import org.halocline.runtime.rank.LaneStatus;
import org.halocline.runtime.rank.NodeAgent;
import org.halocline.runtime.rank.NodeStatus;
import org.halocline.runtime.rank.PeerTraffic;
import org.halocline.runtime.rank.RankAssignment;
import org.halocline.runtime.support.ToyLayouts;
import org.halocline.transport.NodeAddress;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every message that may cross nodes is the same after a round trip through CBOR. */
@Timeout(300)
class MessagesTest {
  private static final ActorTestKit KIT = ActorTestKit.create("messages",
      ConfigFactory.parseString("pekko.actor.provider = local")
          .withFallback(ConfigFactory.parseResources("halocline-node.conf"))
          .withFallback(ConfigFactory.defaultReference()).resolve());
  private static final TestProbe<Object> PROBE = KIT.createTestProbe();

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  private static <T> ActorRef<T> ref() {
    return PROBE.getRef().narrow();
  }

  static Stream<WireMessage> messages() {
    JobSpec spec = JobSpec.of("toy", "{\"kind\": \"toy\", \"text\": \"κ = ½\"}",
        Map.of("/data/a.npy", "aa", "/data/b.npy", "bb"));
    NodeAddress address = new NodeAddress(3, "ab12", "127.0.0.1", 4242);
    RankAssignment assignment = new RankAssignment("toy-1", "toy", "{}", "/runs/a", Long.MIN_VALUE + 7, 1, 2, 1,
        List.of(address, address), 1, Optional.empty());
    RankAssignment alone = new RankAssignment("toy-1", "toy", "{}", "/runs/a", -1, 0, 1, 1, List.of(), 0,
        Optional.of(new DomainSpec(List.of(8, 4, 2), List.of(1.5, 2.0, 3.0), List.of(8), List.of(4))));
    return Stream.of(spec, assignment, alone, new JobEvent.Accepted("toy-1", "/runs/a", 3),
        new JobEvent.Planned(new Layout(4, 2, 1), "because"),
        new JobEvent.Progress("chain 2", Done.unknown(), "sampling",
            Map.of("accept", 0.83, "bad", Double.NaN, "end", Double.POSITIVE_INFINITY, "step", 1e-320)),
        new JobEvent.Finished("table\n", "{}"), new JobEvent.AlreadyFinished("", ""),
        new JobEvent.Failed(true, "a = 1: bad"), new JobEvent.Cancelled("enough"),
        new JobEvent.ClusterChanged(JobEvent.Change.JOINED, "host:1", "node host:1 has joined"),
        new NodeAgent.OpenDataPlane(ref()),
        new NodeAgent.DataPlaneOpened("node", address), new NodeAgent.DataPlaneRefused("node", "no space"),
        new NodeAgent.SpawnRank(assignment, ref()),
        new NodeAgent.RankSpawned(1, ref()), new NodeAgent.RankRefused(1, "node", "why"),
        new NodeAgent.ReleaseJob("toy-1", ref()),
        new NodeAgent.JobReleased("toy-1", "node"), new JobEvent.Checkpointed("chain 0", 12.5, 1L << 40, 0.01),
        new JobEvent.Waiting("lanes are lacking"), new JobEvent.Interrupted("a node is gone", 2),
        new JobEvent.Recovered(RECOVERY), TERMS,
        new JobOrder(spec, "job.conf", "κ", "/runs/a", true, TERMS).withPlannedPeak(1L << 40), JOB, NODE,
        CLUSTER,
        new ClusterRequest.Submit(new JobOrder(spec, "job.conf", "κ", "", false, TERMS), "token", ref()),
        new ClusterRequest.Cancel("toy-1", "enough", "token", ref()), new ClusterRequest.Describe(ref()),
        new ClusterRequest.DescribeJob("toy-1", ref()), new ClusterRequest.ListJobs(10, 20, ref()),
        new ClusterRequest.Follow(Optional.of("toy-1"), 1L << 33, ref()),
        new ClusterRequest.Follow(Optional.empty(), 0, ref()), new ClusterRequest.Unfollow(ref()),
        new SubmitReply.Submitted(JOB, true),
        new SubmitReply.Refused(true, List.of(new Problem("token", "x", "is wrong", "read it"))),
        new CancelReply.Cancelling(JOB), new CancelReply.Unknown("toy-1"), new CancelReply.Denied("toy-1"),
        new JobReply.Found(JOB), new JobReply.Unknown("toy-1"), new JobList(List.of(JOB), 7),
        new EventBatch(List.of(EVENT), 4294967300L), EVENT, new Coordinator.Leave("host:1", ref()),
        new Coordinator.Left("host:1"), new ClusterGateway.Knock(1, ref()),
        new ClusterGateway.Opened("host:1", "tea", 1, List.of("host:1", "host:2")), new NodeAgent.Claim(3, ref()),
        new NodeAgent.NodeReport(ref(), NODE, List.of(ToyLayouts.lane("host:1", 0, "core", 1L << 40)), "proof"));
  }

  private static final Recovery RECOVERY = new Recovery("node b is gone", 9000, 1200, 4000);
  private static final JobTerms TERMS = new JobTerms(-3, OptionalInt.of(4), 5, OptionalLong.of(3600));
  private static final JobStatus JOB = new JobStatus("toy-1", "toy", "job.conf", JobState.RUNNING, TERMS, "", "/runs/a",
      Optional.of(new Layout(2, 1, 1)), List.of(new RankPlace(1, 0, "host:1", 3)), 2, 1, OptionalLong.of(1200),
      new CheckpointCost(3, 45, 1 << 20, 0.01), Optional.of(RECOVERY), 0.25, OptionalLong.empty(),
      Map.of("chain 0", new SourceProgress(Done.ofChain(0, 12, 40, 3.5), Map.of("draw", 12.0))), 1L << 41,
      OptionalLong.of(1L << 41), OptionalLong.empty(), 3, 7);
  private static final NodeStatus NODE = new NodeStatus("host:1", NodeStatus.State.STALE, "0.1", 1L << 34,
      List.of(new LaneStatus(0, "core", "core-0", Optional.of("toy-1"), OptionalInt.of(1), OptionalInt.of(0), 0.9, 0.1,
          0)),
      "0@host:4/ab", "http://host:1", 1L << 41, List.of(new PeerTraffic("all", 1, 2, 3, 4)), "", 6);
  private static final ClusterStatus CLUSTER = new ClusterStatus("tea", "host:1", 3, List.of(NODE), List.of(JOB), 5, 1,
      9,
      List.of(new ActorStatus("/user/job-0", "host:1", "running", 1, "", 1L << 41)), 11, 1L << 41);
  private static final JobEventRecord EVENT = new JobEventRecord(1L << 32, 1L << 41, "toy-1",
      new JobEvent.Waiting("lanes"));

  @ParameterizedTest
  @MethodSource("messages")
  void shouldSurviveRoundTrip(WireMessage message) {
    Serialization serialization = SerializationExtension.get(KIT.system());
    assertTrue(serialization.findSerializerFor(message) instanceof JacksonCborSerializer, "bound to CBOR");
    byte[] bytes = serialization.serialize(message).get();
    assertTrue(bytes.length < 256 << 10, bytes.length + " bytes");
    Object back = serialization.deserialize(bytes, serialization.findSerializerFor(message).identifier(),
        Serializers.manifestFor(serialization.findSerializerFor(message), message)).get();
    assertEquals(message, back);
  }

  @Test
  void shouldNotShowTheToken() {
    messages().filter(ClusterRequest.class::isInstance)
        .forEach(request -> assertFalse(request.toString().contains("token"), request::toString));
  }

  @Test
  void shouldCoverEveryWireMessageOfModule() throws Exception {
    java.util.Set<String> covered = messages().map(message -> message.getClass().getName())
        .collect(java.util.stream.Collectors.toSet());
    java.nio.file.Path classes = java.nio.file.Path
        .of(WireMessage.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    try (Stream<java.nio.file.Path> files = java.nio.file.Files.walk(classes)) {
      List<String> missing = files.map(classes::relativize).map(java.nio.file.Path::toString)
          .filter(name -> name.endsWith(".class"))
          .map(name -> name.substring(0, name.length() - 6).replace('/', '.')).filter(name -> !name.endsWith("-info"))
          .filter(MessagesTest::isWireRecord)
          .filter(name -> !covered.contains(name)).toList();
      assertEquals(List.of(), missing);
    }
  }

  private static boolean isWireRecord(String name) {
    try {
      Class<?> type = Class.forName(name, false, MessagesTest.class.getClassLoader());
      return type.isRecord() && WireMessage.class.isAssignableFrom(type);
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }
}
