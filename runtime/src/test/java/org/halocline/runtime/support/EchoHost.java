package org.halocline.runtime.support;

import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.halocline.runtime.WireMessage;
import org.halocline.runtime.lane.Lane;
import org.halocline.runtime.rank.RankAssignment;
import org.halocline.runtime.rank.RankHost;
import org.halocline.runtime.rank.SharedDataPlane;
import org.slf4j.LoggerFactory;

/** Ranks that echo what they are told, with the name of their lane. */
public final class EchoHost implements RankHost {
  record Ask(String text, ActorRef<String> replyTo) implements WireMessage {}

  public final AtomicInteger alive = new AtomicInteger();

  @Override
  public Behavior<?> rank(RankAssignment assignment, Lane lane, SharedDataPlane dataPlane) {
    return Behaviors.<Ask>setup(_ -> {
      alive.incrementAndGet();
      LoggerFactory.getLogger(EchoHost.class).info("rank of {} echoes", assignment.jobId());
      return Behaviors.receive(Ask.class).onMessage(Ask.class, ask -> {
        ask.replyTo().tell(ask.text() + " from " + lane.name());
        return Behaviors.same();
      }).onSignal(PostStop.class, _ -> {
        alive.decrementAndGet();
        return Behaviors.same();
      }).build();
    });
  }
}
