package org.halocline.runtime.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.halocline.runtime.cluster.ClusterStatus;
import org.halocline.runtime.cluster.JobEventRecord;
import org.halocline.runtime.cluster.JobOrder;
import org.halocline.runtime.cluster.SubmitReply;
import org.halocline.runtime.config.Problem;
import org.halocline.runtime.job.JobEvent;
import org.halocline.runtime.job.JobFile;
import org.halocline.runtime.job.JobKinds;
import org.halocline.runtime.membership.ClusterSettings;
import org.halocline.runtime.membership.NodeException;
import org.halocline.runtime.node.HaloclineNode;
import org.halocline.runtime.node.NodeParts;
import org.halocline.runtime.node.NodeSettings;
import org.halocline.runtime.support.CoreLanes;
import org.halocline.runtime.support.CountKind;
import org.halocline.runtime.support.EchoHost;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process without lanes, outside of the cluster, that speaks to it by messages. */
@Timeout(240)
class ClusterConnectionTest {
  private static final JobKinds KINDS = new JobKinds(List.of(new CountKind()));

  @TempDir
  Path directory;

  private HaloclineNode start(List<String> seeds) {
    return HaloclineNode.start(
        NodeSettings.defaults().withLanes(1, 256L << 20).withSeeds(seeds)
            .withOverrides(ConfigFactory.parseString("pekko.coordinated-shutdown.run-by-jvm-shutdown-hook = off"))
            .withCluster(ClusterSettings.of("tea", directory.resolve("state"))),
        new NodeParts(KINDS, List.of(new CoreLanes()), new EchoHost()));
  }

  private static JobOrder order(String text) {
    JobFile file = JobFile.parse("job.conf", Path.of("/tmp"), text).orThrow();
    return JobOrder.of(KINDS.check(file).orThrow().spec().orThrow(), file);
  }

  private static <T> T got(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(50, TimeUnit.SECONDS);
  }

  @Test
  void shouldSubmitAndFollowWithoutBeingANode() throws Exception {
    try (HaloclineNode node = start(List.of())) {
      String token = node.state().orElseThrow().token();
      try (ClusterConnection connection = ClusterConnection.to(List.of(node.address()), token)) {
        assertEquals("tea", connection.cluster());
        ClusterClient cluster = connection.client();
        SubmitReply.Refused denied = assertInstanceOf(SubmitReply.Refused.class,
            got(new ClusterClient(cluster.system(), cluster.coordinator(), "guess")
                .submit(order("kind = count, to = 4"))));
        assertTrue(denied.denied());
        BlockingQueue<JobEventRecord> events = new LinkedBlockingQueue<>();
        JobOrder named = named(order("kind = count, to = 4"), "my-count");
        SubmitReply.Submitted submitted = assertInstanceOf(SubmitReply.Submitted.class, got(cluster.submit(named)));
        assertEquals("my-count", submitted.job().id());
        try (Following _ = cluster.follow(Optional.of("my-count"), 0, events::add)) {
          JobEventRecord event;
          do {
            event = events.poll(40, TimeUnit.SECONDS);
            assertTrue(event != null, "no news");
          } while (!event.event().isLast());
          assertInstanceOf(JobEvent.Finished.class, event.event());
        }
        assertTrue(assertInstanceOf(SubmitReply.Submitted.class, got(cluster.submit(named))).known());
        SubmitReply.Refused other = assertInstanceOf(SubmitReply.Refused.class,
            got(cluster.submit(named(order("kind = count, to = 5"), "my-count"))));
        assertEquals(List.of("id"), other.problems().stream().map(Problem::key).toList());
        assertEquals(1, got(cluster.describe()).nodes().size(), "the client is no node");
      }
    }
  }

  private static JobOrder named(JobOrder order, String id) {
    return new JobOrder(order.spec().named(id), order.givenName(), order.givenText(), order.runDirectory(),
        order.resume(), order.terms());
  }

  @Test
  void shouldFindAnotherNodeWhenTheOneItWasToldOfEnds() throws Exception {
    HaloclineNode first = start(List.of());
    try (HaloclineNode second = start(List.of(first.address()));
        ClusterConnection connection = ClusterConnection.to(List.of(first.address()),
            first.state().orElseThrow().token())) {
      while (got(connection.client().describe()).nodes().size() < 2)
        Thread.onSpinWait();
      first.close();
      ClusterStatus after = got(connection.client().describe());
      while (!after.coordinator().equals(second.address()))
        after = got(connection.client().describe());
      assertEquals("tea", after.cluster());
    } finally {
      first.close();
    }
  }

  @Test
  void shouldBeTurnedAwayWithoutTheToken() {
    try (HaloclineNode node = start(List.of())) {
      List<String> there = List.of(node.address());
      NodeException guessed = assertThrows(NodeException.class, () -> ClusterConnection.to(there, "guess"));
      assertTrue(guessed.getMessage().contains("do not know the same token")
          && guessed.getMessage().contains("\"tea\""), guessed.getMessage());
      NodeException none = assertThrows(NodeException.class, () -> ClusterConnection.to(there, ""));
      assertTrue(none.getMessage().contains("token"), none.getMessage());
    }
  }

  @Test
  void shouldSayThatNoNodeAnswers() throws Exception {
    int port;
    try (ServerSocket closed = new ServerSocket(0)) {
      port = closed.getLocalPort();
    }
    NodeException failed = assertThrows(NodeException.class,
        () -> ClusterConnection.to(List.of("127.0.0.1:" + port), "token"));
    assertTrue(failed.getMessage().contains("127.0.0.1:" + port), failed.getMessage());
  }
}
