package org.halocline.domain;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.halocline.runtime.rank.NodeAgent;
import org.halocline.runtime.rank.RankSlot;
import org.halocline.transport.NodeAddress;

/**
 * Brings the ranks of a domain to life through the agents of their nodes: first every node's data plane, where there is
 * more than one rank, then the ranks, which are told all addresses. Never blocks.
 */
final class RankSpawner {
  private static final Duration PLANE_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration SPAWN_TIMEOUT = Duration.ofSeconds(15);

  /** What became of a rank. */
  sealed interface Spawning {}

  record Ready(ActorRef<SubdomainActor.Command> rank) implements Spawning {}

  record Refused(String why) implements Spawning {}

  private final ActorSystem<?> system;
  private final DomainPlan plan;

  RankSpawner(ActorSystem<?> system, DomainPlan plan) {
    this.system = system;
    this.plan = plan;
  }

  /**
   * The data plane address of every rank, or a failure that says which node has none; empty for a domain of one rank.
   */
  CompletionStage<List<NodeAddress>> addresses() {
    if (plan.ranks() == 1)
      return CompletableFuture.completedStage(List.of());
    CompletionStage<List<NodeAddress>> all = CompletableFuture.completedStage(new ArrayList<>());
    for (RankSlot slot : plan.slots())
      all = all.thenCombine(address(slot), (known, next) -> {
        known.add(next);
        return known;
      });
    return all;
  }

  private CompletionStage<NodeAddress> address(RankSlot slot) {
    return AskPattern
        .ask(slot.agent(), (ActorRef<NodeAgent.DataPlaneReply> to) -> new NodeAgent.OpenDataPlane(to), PLANE_TIMEOUT,
            system.scheduler())
        .thenApply(reply -> switch (reply) {
          case NodeAgent.DataPlaneOpened(String node, NodeAddress address) -> address;
          case NodeAgent.DataPlaneRefused(String node, String message) -> throw new IllegalStateException(
              "the data plane of node " + node + " did not start: " + message);
        });
  }

  CompletionStage<Spawning> spawn(int rank, List<NodeAddress> addresses) {
    return AskPattern
        .ask(plan.slots().get(rank).agent(),
            (ActorRef<NodeAgent.SpawnReply> to) -> new NodeAgent.SpawnRank(plan.assignment(rank, addresses), to),
            SPAWN_TIMEOUT, system.scheduler())
        .handle((reply, problem) -> switch (reply) {
          case null -> new Refused(String.valueOf(problem.getMessage()));
          case NodeAgent.RankSpawned(int number, ActorRef<Object> actor) -> new Ready(actor.unsafeUpcast());
          case NodeAgent.RankRefused(int number, String node, String message) -> new Refused(message);
        });
  }
}
