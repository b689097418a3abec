package org.halocline.runtime.coordinator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.typesafe.config.ConfigFactory;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.halocline.runtime.layout.LaneOffer;
import org.halocline.runtime.rank.LaneStatus;
import org.halocline.runtime.rank.NodeAgent;
import org.halocline.runtime.rank.NodeStatus;
import org.halocline.runtime.support.ToyLayouts;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class LaneAllocationTest {
  private static final ActorTestKit KIT = ActorTestKit.create("lanes",
      ConfigFactory.parseString("pekko.actor.provider = local").withFallback(ConfigFactory.defaultReference())
          .resolve());

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  private static NodeAgent.NodeReport report(ActorRef<NodeAgent.Command> agent) {
    LaneOffer lane = ToyLayouts.lane("host:1", 0, "core", 64 << 20);
    return new NodeAgent.NodeReport(agent, new NodeStatus("host:1", NodeStatus.State.UP, "0.1", 64 << 20,
        List.of(new LaneStatus(0, "core", "core-0", Optional.empty(), OptionalInt.empty(), OptionalInt.empty(), 0, 0,
            0)),
        "", "", 0, List.of(), "", 0), List.of(lane), "proof");
  }

  @Test
  void shouldUseTheLanesOfANodeThatLeftAndCameBackUnderItsName() {
    LaneAllocation lanes = new LaneAllocation("proof");
    ActorRef<NodeAgent.Command> first = KIT.createTestProbe(NodeAgent.Command.class).getRef();
    ActorRef<NodeAgent.Command> second = KIT.createTestProbe(NodeAgent.Command.class).getRef();
    lanes.report(report(first), 1000);
    assertEquals(1, lanes.free(1000).size());
    lanes.leaves("host:1");
    assertEquals(List.of(), lanes.free(1000));
    lanes.remove(first);
    lanes.report(report(second), 2000);
    assertEquals(1, lanes.free(2000).size());
    assertEquals(NodeStatus.State.UP, lanes.nodes(Set.of(), 2000).getFirst().state());
  }
}
