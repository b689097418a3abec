package org.halocline.runtime.job;

import java.security.SecureRandom;
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
 * @param tokens of the domains, by {@link #freshTokens}
 */
public record JobContext(JobSpec spec, RunDirectory run, Layout layout, List<RankSlot> slots, ActorRef<JobEvent> events,
    boolean resume, boolean startsAgain, List<Long> tokens) {
  public JobContext {
    slots = List.copyOf(slots);
    tokens = List.copyOf(tokens);
    if (slots.size() != layout.lanes())
      throw new IllegalArgumentException(slots.size() + " slots for a layout of " + layout.lanes());
  }

  public List<RankSlot> domainSlots(int domain) {
    return slots.subList(domain * layout.ranks(), (domain + 1) * layout.ranks());
  }

  /**
   * Tokens for the domains of one start of a job, unlike those of any other start. They cannot be guessed: a process
   * that knows a domain's token can send to its ranks. A token goes to the ranks in their assignment, and into no log.
   */
  public static List<Long> freshTokens(Layout layout) {
    return new SecureRandom().longs(layout.domains()).boxed().toList();
  }

  /** Without the tokens. */
  @Override
  public String toString() {
    return "job " + spec.id() + " in " + layout;
  }
}
