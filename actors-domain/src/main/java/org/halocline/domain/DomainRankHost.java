package org.halocline.domain;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.domain.lane.KernelLane;
import org.halocline.domain.program.RankProgramFactory;
import org.halocline.domain.program.RankPrograms;
import org.halocline.runtime.config.Hocon;
import org.halocline.runtime.lane.Lane;
import org.halocline.runtime.rank.RankAssignment;
import org.halocline.runtime.rank.RankHost;
import org.halocline.runtime.rank.SharedDataPlane;
import org.halocline.transport.DomainMember;
import org.halocline.transport.Link;

/** Makes the subdomain actors of a node, for the job kinds whose programs it was given. Thread-safe. */
public final class DomainRankHost implements RankHost {
  private final Map<String, RankProgramFactory> programs = new TreeMap<>();

  public DomainRankHost(List<RankProgramFactory> programs) {
    for (RankProgramFactory factory : programs)
      if (this.programs.put(factory.kind(), factory) != null)
        throw new IllegalArgumentException("two factories of programs for the job kind " + factory.kind());
  }

  @Override
  public Behavior<SubdomainActor.Command> rank(RankAssignment assignment, Lane lane, SharedDataPlane dataPlane) {
    RankProgramFactory factory = programs.get(assignment.kind());
    if (factory == null)
      throw new IllegalArgumentException(
          "this node runs no ranks of kind " + assignment.kind() + ", only " + programs.keySet());
    if (!(lane instanceof KernelLane kernelLane))
      throw new IllegalArgumentException("lane " + lane.name() + " of kind " + lane.kind() + " has no kernels");
    Decomposition decomposition = DomainPlan.decomposition(assignment.grid()
        .orElseThrow(() -> new IllegalArgumentException("a domain of kind " + assignment.kind() + " has no grid")));
    RankPrograms programs = factory.programs(Hocon.read("job.resolved.json", assignment.resolvedText()).orThrow());
    // Joined before the actor starts, so that a refusal is answered with its reason.
    Optional<Link> link = join(assignment, dataPlane);
    return Behaviors.setup(
        context -> SubdomainActor.create(new Subdomain(assignment, decomposition, kernelLane, link, programs)));
  }

  /** The plane runs already: the leader asked for its address. */
  private static Optional<Link> join(RankAssignment assignment, SharedDataPlane dataPlane) {
    if (assignment.ranks() == 1)
      return Optional.empty();
    return Optional.of(dataPlane.open().join(
        new DomainMember(assignment.domain(), assignment.rank(), assignment.rankAddresses())));
  }
}
