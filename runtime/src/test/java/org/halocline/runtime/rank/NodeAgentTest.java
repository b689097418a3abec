package org.halocline.runtime.rank;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.halocline.runtime.lane.FairLane;
import org.halocline.runtime.lane.LaneTraits;
import org.halocline.transport.DataPlaneSettings;
import org.halocline.transport.DomainMember;
import org.halocline.transport.Link;
import org.halocline.transport.NodeAddress;
import org.halocline.transport.Transfer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class NodeAgentTest {
  private final ActorTestKit kit = ActorTestKit.create("agent", ConfigFactory.parseString("""
      pekko.actor.provider = local
      pekko.actor.serialize-messages = on
      pekko.actor.testkit.typed.single-expect-default = 3 m
      """).withFallback(ConfigFactory.parseResources("halocline-node.conf"))
      .withFallback(ConfigFactory.defaultReference()).resolve());
  private final TestProbe<Object> host = kit.createTestProbe();
  private final SharedDataPlane dataPlane = new SharedDataPlane(DataPlaneSettings.defaults());

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
    dataPlane.close();
  }

  private static final RankHost NONE = (assignment, _, _) -> {
    throw new IllegalArgumentException("this node runs no ranks of kind " + assignment.kind());
  };

  private ActorRef<NodeAgent.Command> agent(RankHost ranks, SharedDataPlane plane) {
    return kit.spawn(
        NodeAgent.create("node",
            List.of(new FairLane(LaneTraits.core("core-0", "core/test", 100, 0)),
                new FairLane(LaneTraits.core("core-1", "core/test", 200, 0))),
            ranks, plane, new NodeFacts("", 0, () -> "")));
  }

  private static RankAssignment assignment(String job, int lane) {
    return new RankAssignment(job, "toy", "{}", "/runs/a", 77, 0, 1, 1, List.of(), lane, Optional.empty());
  }

  @Test
  void shouldDescribeItsLanes() {
    TestProbe<NodeAgent.NodeReport> reports = kit.createTestProbe(NodeAgent.NodeReport.class);
    ActorRef<NodeAgent.Command> agent = agent(NONE, dataPlane);
    agent.tell(new NodeAgent.Claim(1, reports.getRef()));
    NodeAgent.NodeReport report = reports.receiveMessage();
    assertEquals(agent, report.agent());
    assertEquals(List.of(100L, 200L), report.lanes().stream().map(lane -> lane.memoryBytes()).toList());
  }

  @Test
  void shouldRefuseRankItCannotStart() {
    TestProbe<NodeAgent.SpawnReply> replies = kit.createTestProbe(NodeAgent.SpawnReply.class);
    ActorRef<NodeAgent.Command> agent = agent(NONE, dataPlane);
    agent.tell(new NodeAgent.SpawnRank(assignment("a", 2), replies.getRef()));
    assertTrue(
        replies.expectMessageClass(NodeAgent.RankRefused.class).message().contains("lane 2 is not one of the 2"));
    agent.tell(new NodeAgent.SpawnRank(assignment("a", 1), replies.getRef()));
    assertEquals("this node runs no ranks of kind toy",
        replies.expectMessageClass(NodeAgent.RankRefused.class).message());
  }

  @Test
  void shouldStopRanksOfReleasedJobOnly() {
    RankHost ranks = (_, lane, _) -> Behaviors.receive(String.class).onMessage(String.class, text -> {
      host.getRef().tell(text + " on " + lane.name());
      return Behaviors.same();
    }).build();
    TestProbe<NodeAgent.SpawnReply> replies = kit.createTestProbe(NodeAgent.SpawnReply.class);
    TestProbe<NodeAgent.JobReleased> releases = kit.createTestProbe(NodeAgent.JobReleased.class);
    ActorRef<NodeAgent.Command> agent = agent(ranks, dataPlane);
    agent.tell(new NodeAgent.SpawnRank(assignment("a", 0), replies.getRef()));
    ActorRef<Object> a = replies.expectMessageClass(NodeAgent.RankSpawned.class).actor();
    agent.tell(new NodeAgent.SpawnRank(assignment("b", 1), replies.getRef()));
    ActorRef<Object> b = replies.expectMessageClass(NodeAgent.RankSpawned.class).actor();
    agent.tell(new NodeAgent.ReleaseJob("a", releases.getRef()));
    assertEquals(new NodeAgent.JobReleased("a", "node"), releases.receiveMessage());
    host.expectTerminated(a);
    b.<String>narrow().tell("alive");
    host.expectMessage("alive on core-1");
    agent.tell(new NodeAgent.ReleaseJob("unknown", releases.getRef()));
    assertEquals(new NodeAgent.JobReleased("unknown", "node"), releases.receiveMessage());
  }

  @Test
  void shouldReportItsLanesFreeBeforeItSaysThatAJobHasLeftThem() {
    RankHost ranks = (_, _, _) -> Behaviors.empty();
    TestProbe<NodeAgent.SpawnReply> replies = kit.createTestProbe(NodeAgent.SpawnReply.class);
    TestProbe<Object> told = kit.createTestProbe(Object.class);
    ActorRef<NodeAgent.Command> agent = agent(ranks, dataPlane);
    agent.tell(new NodeAgent.Claim(1, told.getRef().narrow()));
    told.expectMessageClass(NodeAgent.NodeReport.class);
    agent.tell(new NodeAgent.SpawnRank(assignment("a", 0), replies.getRef()));
    replies.expectMessageClass(NodeAgent.RankSpawned.class);
    agent.tell(new NodeAgent.ReleaseJob("a", told.getRef().narrow()));
    NodeAgent.NodeReport last = null;
    Object next = told.receiveMessage();
    for (; next instanceof NodeAgent.NodeReport report; next = told.receiveMessage())
      last = report;
    assertEquals(new NodeAgent.JobReleased("a", "node"), next);
    assertTrue(last.status().lanes().stream().allMatch(lane -> lane.job().isEmpty()),
        "a lane is still said to be busy");
  }

  @Test
  void shouldOpenDataPlaneOnceAndOnlyWhenAsked() {
    TestProbe<NodeAgent.DataPlaneReply> replies = kit.createTestProbe(NodeAgent.DataPlaneReply.class);
    ActorRef<NodeAgent.Command> agent = agent(NONE, dataPlane);
    assertTrue(dataPlane.running().isEmpty());
    agent.tell(new NodeAgent.OpenDataPlane(replies.getRef()));
    agent.tell(new NodeAgent.OpenDataPlane(replies.getRef()));
    NodeAgent.DataPlaneOpened first = replies.expectMessageClass(NodeAgent.DataPlaneOpened.class);
    assertEquals(first, replies.expectMessageClass(NodeAgent.DataPlaneOpened.class));
    assertEquals(dataPlane.open().address(), first.address());
  }

  @Test
  void shouldSayWhyDataPlaneCannotStart() {
    TestProbe<NodeAgent.DataPlaneReply> replies = kit.createTestProbe(NodeAgent.DataPlaneReply.class);
    try (SharedDataPlane bad = new SharedDataPlane(DataPlaneSettings.defaults().withTermLengths(12345, 1 << 20))) {
      agent(NONE, bad).tell(new NodeAgent.OpenDataPlane(replies.getRef()));
      String message = replies.expectMessageClass(NodeAgent.DataPlaneRefused.class).message();
      assertTrue(message.contains("ipc-term-length = 12345"), message);
    }
  }

  @Test
  void shouldReportItsTrafficByPeer() {
    try (SharedDataPlane other = new SharedDataPlane(DataPlaneSettings.defaults().withSlot(1));
        Arena arena = Arena.ofShared()) {
      List<NodeAddress> nodes = List.of(dataPlane.open().address(), other.open().address());
      Link here = dataPlane.open().join(new DomainMember(5, 0, nodes));
      Link there = other.open().join(new DomainMember(5, 1, nodes));
      Transfer receive = here.receive(0, 1, 0, arena.allocate(1000));
      there.send(0, 0, 0, arena.allocate(1000)).await();
      receive.await();
      here.close();
      there.receive(0, 0, 1, arena.allocate(10)); // asks a rank that has left
      TestProbe<NodeAgent.NodeReport> reports = kit.createTestProbe(NodeAgent.NodeReport.class);
      agent(NONE, dataPlane).tell(new NodeAgent.Claim(1, reports.getRef()));
      PeerTraffic with;
      do {
        List<PeerTraffic> traffic = reports.receiveMessage().status().traffic();
        assertEquals("all", traffic.getFirst().peer());
        with = traffic.stream().filter(peer -> peer.peer().equals(nodes.get(1).toString())).findFirst().orElseThrow();
        assertEquals(with.dropped(), traffic.getFirst().dropped());
      } while (with.dropped() == 0);
      assertEquals(1000, with.bytesReceived());
      assertEquals(0, with.rejected());
      there.close();
    }
  }
}
