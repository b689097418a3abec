package org.halocline.runtime.coordinator;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.halocline.runtime.cluster.JobEventRecord;
import org.halocline.runtime.job.JobEvent.Change;
import org.halocline.runtime.job.JobEvent.ClusterChanged;

/**
 * The nodes that events have told of. A coordinator tells of each joining and leaving once by it, also of nodes that it
 * found there and of nodes that left with the former coordinator. Owned by the coordinator.
 */
public final class NodeRoll {
  private final Set<String> there = new TreeSet<>();
  private final Set<String> unreachable = new TreeSet<>();

  /** @param before events of the cluster until now, in their order */
  public NodeRoll(List<JobEventRecord> before) {
    for (JobEventRecord record : before)
      if (record.event() instanceof ClusterChanged(Change change, String node, _))
        if (change == Change.LEFT)
          there.remove(node);
        else
          there.add(node);
  }

  public ClusterChanged coordinates(String node, int incarnation, String before) {
    there.add(node);
    return new ClusterChanged(Change.COORDINATES, node,
        "node " + node + " coordinates now" + (before.isEmpty() || before.equals(node) ? "" : ", after " + before)
            + " (incarnation " + incarnation + ")");
  }

  /** @param what it offers, in words */
  public Optional<ClusterChanged> reported(String node, String what) {
    return there.add(node)
        ? Optional.of(new ClusterChanged(Change.JOINED, node, "node " + node + " has joined: " + what))
        : Optional.empty();
  }

  public Optional<ClusterChanged> left(String node, String why) {
    unreachable.remove(node);
    return there.remove(node)
        ? Optional.of(new ClusterChanged(Change.LEFT, node, "node " + node + " has left: " + why))
        : Optional.empty();
  }

  public Optional<ClusterChanged> unreachable(String node) {
    return there.contains(node) && unreachable.add(node)
        ? Optional.of(new ClusterChanged(Change.UNREACHABLE, node, "node " + node + " cannot be reached"))
        : Optional.empty();
  }

  public Optional<ClusterChanged> reachable(String node) {
    return unreachable.remove(node)
        ? Optional.of(new ClusterChanged(Change.RETURNED, node, "node " + node + " can be reached again"))
        : Optional.empty();
  }

  /** Those of which events have told, and that are not among these. */
  public List<String> missing(Collection<String> present) {
    return there.stream().filter(node -> !present.contains(node)).toList();
  }
}
