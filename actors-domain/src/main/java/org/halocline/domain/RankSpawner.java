package org.halocline.domain;

import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;
import org.halocline.runtime.node.RankAssignment;

/** Brings a rank to life on its node. Called from the domain's actor; must not block. */
public interface RankSpawner {

  CompletionStage<Spawning> spawn(RankAssignment assignment);

  /** What became of it. */
  sealed interface Spawning {}

  record Ready(ActorRef<SubdomainActor.Command> rank) implements Spawning {}

  record Refused(String why) implements Spawning {}
}
