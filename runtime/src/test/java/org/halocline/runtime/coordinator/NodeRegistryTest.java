package org.halocline.runtime.coordinator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.halocline.runtime.cluster.JobEventRecord;
import org.halocline.runtime.job.JobEvent.Change;
import org.halocline.runtime.job.JobEvent.ClusterChanged;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class NodeRegistryTest {
  private static Change change(Optional<ClusterChanged> event) {
    return event.orElseThrow().change();
  }

  @Test
  void shouldTellEachComingAndGoingOnce() {
    NodeRegistry roll = new NodeRegistry(List.of());
    assertEquals("node a:1 coordinates now (incarnation 1)", roll.coordinates("a:1", 1, "").orElseThrow().line());
    assertEquals(Optional.empty(), roll.reported("a:1", "1 lane"), "it was told that it coordinates");
    assertEquals("node b:1 has joined: 2 lanes", roll.reported("b:1", "2 lanes").orElseThrow().line());
    assertEquals(Optional.empty(), roll.reported("b:1", "2 lanes"));
    assertEquals(Change.UNREACHABLE, change(roll.unreachable("b:1")));
    assertEquals(Optional.empty(), roll.unreachable("b:1"));
    assertEquals(Change.RETURNED, change(roll.reachable("b:1")));
    assertEquals(Optional.empty(), roll.reachable("b:1"));
    assertEquals(Change.LEFT, change(roll.left("b:1", "it is gone")));
    assertEquals(Optional.empty(), roll.left("b:1", "it is gone"));
    assertEquals(Optional.empty(), roll.unreachable("c:1"), "no node has heard of it");
  }

  @Test
  void shouldKnowFromEventsWhoWasThere() {
    NodeRegistry roll = new NodeRegistry(List.of(of(1, Change.COORDINATES, "a:1"), of(2, Change.JOINED, "b:1"),
        of(3, Change.JOINED, "c:1"), of(4, Change.LEFT, "b:1")));
    assertEquals("node c:1 coordinates now, after a:1 (incarnation 2)",
        roll.coordinates("c:1", 2, "a:1").orElseThrow().line());
    assertEquals(List.of("a:1"), roll.missing(Set.of("c:1")));
    assertEquals(Change.JOINED, change(roll.reported("b:1", "1 lane")));
  }

  private static JobEventRecord of(long number, Change change, String node) {
    return new JobEventRecord(number, number, "", new ClusterChanged(change, node, ""));
  }
}
