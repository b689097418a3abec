package org.halocline.domain;

import java.util.List;
import org.halocline.runtime.job.JobContext;
import org.halocline.runtime.rank.RankAssignment;
import org.halocline.runtime.rank.RankSlot;
import org.halocline.transport.NodeAddress;

/**
 * One epoch of one domain: which job it serves and where its ranks go.
 *
 * @param domain token, unique in the cluster, and a secret
 * @param slots by rank
 */
public record DomainPlan(String jobId, String kind, String resolvedText, String runDirectory, long domain, int epoch,
    int x,
    int y, List<RankSlot> slots) {

  public DomainPlan {
    slots = List.copyOf(slots);
    if (slots.size() != x * y)
      throw new IllegalArgumentException(slots.size() + " lanes for " + x + "×" + y + " ranks");
  }

  /** The plan of one of a job's domains, in its first epoch. */
  public static DomainPlan of(JobContext job, int domain) {
    return new DomainPlan(job.spec().id(), job.spec().kind(), job.spec().resolvedText(), job.run().path().toString(),
        job.domainToken(domain), 0, job.layout().x(), job.layout().y(), job.domainSlots(domain));
  }

  public int ranks() {
    return x * y;
  }

  RankAssignment assignment(int rank, List<NodeAddress> addresses) {
    return new RankAssignment(jobId, kind, resolvedText, runDirectory, domain, epoch, rank, x, y, addresses,
        slots.get(rank).lane());
  }

  /** A rank in words. */
  String place(int rank) {
    RankSlot slot = slots.get(rank);
    return "rank " + rank + " of " + ranks() + " (node " + slot.node() + ", lane " + slot.lane() + ")";
  }
}
