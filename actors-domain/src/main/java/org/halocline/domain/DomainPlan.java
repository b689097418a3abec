package org.halocline.domain;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.cosmology.mesh.Split;
import org.halocline.runtime.job.JobContext;
import org.halocline.runtime.rank.DomainSpec;
import org.halocline.runtime.rank.RankAssignment;
import org.halocline.runtime.rank.RankSlot;
import org.halocline.transport.NodeAddress;

/**
 * One domain: which job it serves and where its ranks go.
 *
 * @param domain token, unique in the cluster, and a secret
 * @param decomposition the domain's grid, cut into a block a rank
 * @param slots by rank
 */
public record DomainPlan(String jobId, String kind, String resolvedText, String runDirectory, long domain,
    Decomposition decomposition, List<RankSlot> slots) {

  public DomainPlan {
    slots = List.copyOf(slots);
    if (slots.size() != decomposition.ranks())
      throw new IllegalArgumentException(
          slots.size() + " lanes for " + decomposition.px() + "×" + decomposition.py() + " ranks");
  }

  /** The plan of one of a job's domains. */
  public static DomainPlan of(JobContext job, int domain, Decomposition decomposition) {
    return new DomainPlan(job.spec().id(), job.spec().kind(), job.spec().resolvedText(), job.run().path().toString(),
        job.tokens().get(domain), decomposition, job.domainSlots(domain));
  }

  public int ranks() {
    return decomposition.ranks();
  }

  RankAssignment assignment(int rank, List<NodeAddress> addresses) {
    return new RankAssignment(jobId, kind, resolvedText, runDirectory, domain, rank, decomposition.px(),
        decomposition.py(), addresses, slots.get(rank).lane(), Optional.of(spec(decomposition)));
  }

  /** What travels of a decomposition. */
  static DomainSpec spec(Decomposition decomposition) {
    Mesh mesh = decomposition.mesh();
    return new DomainSpec(List.of(mesh.nx(), mesh.ny(), mesh.nz()),
        List.of(mesh.lxMpcH(), mesh.lyMpcH(), mesh.lzMpcH()), sizes(decomposition.x()), sizes(decomposition.y()));
  }

  /** The decomposition that travelled. */
  static Decomposition decomposition(DomainSpec spec) {
    List<Integer> cells = spec.cells();
    List<Double> sides = spec.sides();
    return new Decomposition(new Mesh(cells.get(0), cells.get(1), cells.get(2), sides.get(0), sides.get(1),
        sides.get(2)), split(spec.x()), split(spec.y()));
  }

  private static List<Integer> sizes(Split split) {
    return IntStream.range(0, split.parts()).mapToObj(split::size).toList();
  }

  private static Split split(List<Integer> sizes) {
    return Split.of(sizes.stream().mapToInt(Integer::intValue).toArray());
  }

  /** A rank in words. */
  String place(int rank) {
    RankSlot slot = slots.get(rank);
    return "rank " + rank + " of " + ranks() + " (node " + slot.node() + ", lane " + slot.lane() + ")";
  }
}
