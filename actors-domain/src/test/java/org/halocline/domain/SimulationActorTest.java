package org.halocline.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.halocline.domain.lane.CoreLanes;
import org.halocline.domain.program.LaneUse;
import org.halocline.domain.program.RankCommand;
import org.halocline.domain.program.RankProgress;
import org.halocline.runtime.lane.Lane;
import org.halocline.runtime.rank.NodeAgent;
import org.halocline.runtime.rank.NodeFacts;
import org.halocline.runtime.rank.RankSlot;
import org.halocline.runtime.rank.SharedDataPlane;
import org.halocline.transport.DataPlaneSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Domains of toy programs over the real data plane: two nodes in one JVM, so half of the traffic is UDP. */
@Timeout(300)
class SimulationActorTest {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final int RANKS = 4;

  private final ActorTestKit kit = ActorTestKit.create(ConfigFactory.parseString("""
      pekko.loglevel = WARNING
      pekko.actor.testkit.typed { default-timeout = 3 m, single-expect-default = 3 m }
      """));
  private final Toy toy = new Toy();
  private final List<SharedDataPlane> planes = new ArrayList<>();
  private final List<ActorRef<NodeAgent.Command>> agents = new ArrayList<>();
  private final List<Lane> lanes = new ArrayList<>();
  private final TestProbe<SimulationActor.Reply> replies = kit.createTestProbe(SimulationActor.Reply.class);
  private final TestProbe<RankProgress> progress = kit.createTestProbe(RankProgress.class);
  private ActorRef<SimulationActor.Command> domain;

  @BeforeEach
  void start() {
    for (int node = 0; node < 2; node++) {
      SharedDataPlane plane = new SharedDataPlane(
          DataPlaneSettings.defaults().withSlot(node).withPlannedNodes(2).withTermLengths(1 << 18, 1 << 18));
      List<Lane> own = new CoreLanes().open(2, 1 << 20);
      planes.add(plane);
      lanes.addAll(own);
      agents.add(
          kit.spawn(NodeAgent.create("node-" + node, own, new DomainRankHost(List.of(toy)), plane,
              new NodeFacts("", 0, () -> "")), "agent-" + node));
    }
    List<RankSlot> slots = new ArrayList<>();
    for (int rank = 0; rank < RANKS; rank++)
      slots.add(new RankSlot(agents.get(rank / 2), "node-" + rank / 2, rank % 2));
    DomainPlan plan = new DomainPlan("job-1", Toy.KIND, Toy.JOB, "/nowhere", 42, Toy.cut(2, 2), slots);
    domain = kit.spawn(SimulationActor.create(plan, progress.getRef()), "domain");
  }

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
    planes.forEach(SharedDataPlane::close);
  }

  private void execute(int chain, RankCommand command) {
    domain.tell(new SimulationActor.Execute(chain, command, replies.getRef()));
  }

  private <T extends SimulationActor.Reply> T reply(Class<T> type) {
    return assertInstanceOf(type, replies.receiveMessage(PATIENCE));
  }

  private void assertDone(int chain, Toy.Total total) {
    SimulationActor.Done done = reply(SimulationActor.Done.class);
    assertEquals(chain, done.chain());
    assertEquals(total, done.first());
    assertTrue(List.of(1, RANKS).contains(done.lanes().size()), done::toString);
    for (LaneUse use : done.lanes())
      assertTrue(use.seconds() > 0 && use.computing() >= 0 && use.waiting() >= 0 && use.copying() >= 0, use::toString);
  }

  @Test
  void shouldFanOutAndGather() {
    for (int factor = 1; factor <= 20; factor++) {
      execute(0, new Toy.Sum(factor));
      assertDone(0, new Toy.Total(0, 10 * factor));
    }
  }

  @Test
  void shouldOverlapTwoChainsOnTheSameLanes() {
    execute(0, new Toy.SumBehindGate(3));
    for (int factor = 1; factor <= 5; factor++) {
      execute(1, new Toy.Sum(factor));
      assertDone(1, new Toy.Total(0, 10 * factor));
    }
    toy.gate.countDown();
    assertDone(0, new Toy.Total(0, 10));
    assertTrue(toy.threads.values().stream().allMatch(Thread::isVirtual));
    assertEquals(2 * RANKS, toy.threads.values().stream().distinct().count(), "one thread a chain and rank");
  }

  @Test
  void shouldFailEveryChainWhenOneRankBreaks() throws InterruptedException {
    execute(1, new Toy.Forever(0));
    assertTrue(toy.waiting.tryAcquire(RANKS, 3, TimeUnit.MINUTES));
    execute(0, new Toy.Break(2, false));
    for (int i = 0; i < 2; i++) {
      SimulationActor.Failed failed = reply(SimulationActor.Failed.class);
      assertTrue(failed.message().contains("rank 2") && failed.message().contains("chain 0")
          && failed.message().contains("a bolt came loose"), failed.message());
      assertEquals(false, failed.badInput());
    }
    execute(2, new Toy.Sum(1));
    assertTrue(reply(SimulationActor.Failed.class).message().contains("a bolt came loose"));
    stopCleanly();
  }

  @Test
  void shouldSayWhenTheJobIsToBlame() {
    execute(0, new Toy.Break(1, true));
    SimulationActor.Failed failed = reply(SimulationActor.Failed.class);
    assertEquals(new SimulationActor.Failed(0, "toy.key = 7: must be 6; change it", true), failed);
  }

  @Test
  void shouldCancelOneChainAndKeepTheOthers() throws InterruptedException {
    execute(1, new Toy.Forever(3));
    assertTrue(toy.waiting.tryAcquire(RANKS, 3, TimeUnit.MINUTES));
    domain.tell(new SimulationActor.Cancel(1, "the user said so"));
    assertEquals(new SimulationActor.Cancelled(1, "the user said so"), reply(SimulationActor.Cancelled.class));
    execute(0, new Toy.Sum(1));
    assertDone(0, new Toy.Total(0, 10));
    execute(1, new Toy.Sum(1));
    assertEquals(new SimulationActor.Cancelled(1, "the user said so"), reply(SimulationActor.Cancelled.class));
    stopCleanly();
  }

  @Test
  void shouldFailWhenARankDies() throws InterruptedException {
    execute(0, new Toy.Forever(0));
    assertTrue(toy.waiting.tryAcquire(RANKS, 3, TimeUnit.MINUTES));
    TestProbe<NodeAgent.JobReleased> released = kit.createTestProbe(NodeAgent.JobReleased.class);
    agents.get(1).tell(new NodeAgent.ReleaseJob("job-1", released.getRef()));
    SimulationActor.Failed failed = reply(SimulationActor.Failed.class);
    assertTrue(failed.message().matches("rank [23] of 4 \\(node node-1, lane [01]\\) died.*"), failed.message());
    stopCleanly();
  }

  @Test
  void shouldStopRanksWhenItsLeaderDies() {
    execute(0, new Toy.Sum(1));
    reply(SimulationActor.Done.class);
    kit.stop(domain);
    awaitFreed();
  }

  @Test
  void shouldRefuseASecondCommandForABusyChain() throws InterruptedException {
    execute(0, new Toy.Forever(1));
    assertTrue(toy.waiting.tryAcquire(RANKS, 3, TimeUnit.MINUTES));
    execute(0, new Toy.Sum(1));
    assertTrue(reply(SimulationActor.Failed.class).message().contains("while it runs another"));
    domain.tell(new SimulationActor.Stop());
    assertInstanceOf(SimulationActor.Cancelled.class, replies.receiveMessage(PATIENCE));
  }

  @Test
  void shouldFailWhenANodeCannotHostTheRank() {
    DomainPlan plan = new DomainPlan("job-2", "unheard-of", Toy.JOB, "/nowhere", 43, Toy.cut(1, 1),
        List.of(new RankSlot(agents.get(0), "node-0", 0)));
    domain = kit.spawn(SimulationActor.create(plan, progress.getRef()));
    execute(0, new Toy.Sum(1));
    SimulationActor.Failed failed = reply(SimulationActor.Failed.class);
    assertTrue(failed.message().contains("node-0") && failed.message().contains("unheard-of"), failed.message());
  }

  @Test
  void shouldRunWithoutADataPlaneOnOneRank() {
    DomainPlan plan = new DomainPlan("job-3", Toy.KIND, Toy.JOB, "/nowhere", 44, Toy.cut(1, 1),
        List.of(new RankSlot(agents.get(0), "node-0", 0)));
    ActorRef<SimulationActor.Command> single = kit.spawn(SimulationActor.create(plan, progress.getRef()));
    single.tell(new SimulationActor.Execute(0, new Toy.Sum(3), replies.getRef()));
    assertDone(0, new Toy.Total(0, 3));
  }

  /** After Stop the actor ends, no chain holds memory, and every lane is free. */
  private void stopCleanly() {
    TestProbe<Object> watcher = kit.createTestProbe();
    domain.tell(new SimulationActor.Stop());
    watcher.expectTerminated(domain, PATIENCE);
    awaitFreed();
    for (Lane lane : lanes) {
      lane.acquire();
      lane.release();
    }
  }

  private void awaitFreed() {
    kit.createTestProbe().awaitAssert(PATIENCE, () -> {
      assertEquals(0, toy.open.get(), "programs still open");
      return null;
    });
  }
}
