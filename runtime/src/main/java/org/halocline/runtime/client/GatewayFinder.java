package org.halocline.runtime.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.halocline.runtime.LocalMessage;
import org.halocline.runtime.cluster.ClusterRequest;
import org.halocline.runtime.cluster.CoordinatorMessage;

/**
 * Passes requests of a process outside of the cluster through the {@link ClusterGateway} of a node that is alive. It
 * knocks at all that it knows, each second, and learns of others from those that answer. A request that gets lost with
 * a node is for its asker to repeat.
 */
final class GatewayFinder extends AbstractBehavior<CoordinatorMessage> {
  private static final Duration KNOCK_EVERY = Duration.ofSeconds(1);
  private static final long SILENT_NS = 3_500_000_000L;
  private static final int MOST_EARLY = 100;

  private record KnockNow() implements CoordinatorMessage, LocalMessage {}

  private record Answered(ClusterGateway.Opened opened) implements CoordinatorMessage, LocalMessage {}

  private record Door(ActorRef<CoordinatorMessage> ref, long answeredNs, boolean given) {}

  private final String system;
  private final CompletableFuture<ClusterGateway.Opened> first;
  private final ActorRef<ClusterGateway.Opened> answers;
  private final Map<String, Door> doors = new LinkedHashMap<>();
  private final List<ClusterRequest> early = new ArrayList<>();
  private Optional<String> current = Optional.empty();

  /**
   * @param system name of the nodes' actor systems
   * @param nodes host:port of some that may be alive
   * @param first completed by the first answer
   */
  static Behavior<CoordinatorMessage> create(String system, List<String> nodes,
      CompletableFuture<ClusterGateway.Opened> first) {
    return Behaviors.setup(
        context -> Behaviors.withTimers(timers -> new GatewayFinder(context, timers, system, nodes, first)));
  }

  private GatewayFinder(ActorContext<CoordinatorMessage> context, TimerScheduler<CoordinatorMessage> timers,
      String system, List<String> nodes, CompletableFuture<ClusterGateway.Opened> first) {
    super(context);
    this.system = system;
    this.first = first;
    this.answers = context.messageAdapter(ClusterGateway.Opened.class, Answered::new);
    nodes.forEach(node -> doors.put(node, new Door(resolve(node), Long.MIN_VALUE, true)));
    timers.startTimerWithFixedDelay(new KnockNow(), Duration.ZERO, KNOCK_EVERY);
  }

  private ActorRef<CoordinatorMessage> resolve(String node) {
    return ActorRefResolver.get(getContext().getSystem())
        .resolveActorRef("pekko://" + system + "@" + node + "/user/" + ClusterGateway.NAME);
  }

  @Override
  public Receive<CoordinatorMessage> createReceive() {
    return newReceiveBuilder().onMessage(KnockNow.class, _ -> {
      doors.values().forEach(
          door -> door.ref()
              .tell(new ClusterGateway.Knock(ClusterGateway.protocol(getContext().getSystem()), answers)));
      return this;
    }).onMessage(Answered.class, answered -> {
      opened(answered.opened());
      return this;
    }).onMessage(ClusterRequest.class, request -> {
      pass(request);
      return this;
    }).build();
  }

  private void opened(ClusterGateway.Opened opened) {
    first.complete(opened);
    if (opened.protocol() != ClusterGateway.protocol(getContext().getSystem()))
      return;
    Door known = doors.get(opened.node());
    doors.put(opened.node(), new Door(known == null ? resolve(opened.node()) : known.ref(), System.nanoTime(),
        known != null && known.given()));
    opened.nodes().forEach(node -> doors.computeIfAbsent(node, _ -> new Door(resolve(node), Long.MIN_VALUE, false)));
    doors.entrySet().removeIf(door -> !door.getValue().given() && !opened.nodes().contains(door.getKey())
        && !isOpen(door.getValue()));
    List<ClusterRequest> waiting = List.copyOf(early);
    early.clear();
    waiting.forEach(this::pass);
  }

  private static boolean isOpen(Door door) {
    return door.answeredNs() != Long.MIN_VALUE && System.nanoTime() - door.answeredNs() < SILENT_NS;
  }

  private void pass(ClusterRequest request) {
    if (current.map(doors::get).filter(GatewayFinder::isOpen).isEmpty())
      current = doors.entrySet().stream().filter(door -> isOpen(door.getValue())).map(Map.Entry::getKey).findFirst();
    if (current.isPresent())
      doors.get(current.get()).ref().tell(request);
    else if (early.size() < MOST_EARLY)
      early.add(request);
  }
}
