package org.halocline.runtime.job;

import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.halocline.runtime.layout.Layout;
import org.halocline.runtime.rank.RankSlot;
import org.halocline.runtime.run.RunDirectory;

/**
 * What a job's actor gets.
 *
 * @param spec the job as it came
 * @param run its run directory, locked for this process; the runtime closes it
 * @param layout the planner's choice
 * @param slots domains · x · y lanes; rank r of domain d is at d · x · y + r
 * @param events where its events go
 * @param resume whether the run has begun before: checkpoints may be there
 * @param startsAgain whether a failure makes the runtime start the job again: what fails then ends the rest, with a
 * checkpoint
 * @param tokens of the domains, for this start only
 */
public record JobContext(JobSpec spec, RunDirectory run, Layout layout, List<RankSlot> slots, ActorRef<JobEvent> events,
    boolean resume, boolean startsAgain, DomainTokens tokens) {
  public JobContext {
    slots = List.copyOf(slots);
    if (slots.size() != layout.lanes())
      throw new IllegalArgumentException(slots.size() + " slots for a layout of " + layout.lanes());
  }

  /** The lanes of one domain, by rank. */
  public List<RankSlot> domainSlots(int domain) {
    return slots.subList(domain * layout.ranks(), (domain + 1) * layout.ranks());
  }

  /** The token of a domain: unlike that of any other domain, run and start, and hard to guess. */
  public long domainToken(int domain) {
    return tokens.of(domain);
  }
}
