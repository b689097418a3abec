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
final class NodeRegistry {
  private final Set<String> there = new TreeSet<>();
  private final Set<String> unreachable = new TreeSet<>();

  /** @param before events of the cluster until now, in their order */
  NodeRegistry(List<JobEventRecord> before) {
    for (JobEventRecord record : before)
      if (record.event() instanceof ClusterChanged(Change change, String node, _))
        if (change == Change.LEFT)
          there.remove(node);
        else
          there.add(node);
  }

  Optional<ClusterChanged> coordinates(String node, int incarnation, String before) {
    there.add(node);
    return told(true, Change.COORDINATES, node, "coordinates now"
        + (before.isEmpty() || before.equals(node) ? "" : ", after " + before) + " (incarnation " + incarnation + ")");
  }

  /** @param what it offers, in words */
  Optional<ClusterChanged> reported(String node, String what) {
    return told(there.add(node), Change.JOINED, node, "has joined: " + what);
  }

  Optional<ClusterChanged> left(String node, String why) {
    unreachable.remove(node);
    return told(there.remove(node), Change.LEFT, node, "has left: " + why);
  }

  Optional<ClusterChanged> unreachable(String node) {
    return told(there.contains(node) && unreachable.add(node), Change.UNREACHABLE, node, "cannot be reached");
  }

  Optional<ClusterChanged> reachable(String node) {
    return told(unreachable.remove(node), Change.RETURNED, node, "can be reached again");
  }

  private static Optional<ClusterChanged> told(boolean isNew, Change change, String node, String what) {
    return isNew ? Optional.of(new ClusterChanged(change, node, "node " + node + " " + what)) : Optional.empty();
  }

  /** Those of which events have told, and that are not among these. */
  List<String> missing(Collection<String> present) {
    return there.stream().filter(node -> !present.contains(node)).toList();
  }
}
