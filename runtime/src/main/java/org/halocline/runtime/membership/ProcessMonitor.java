package org.halocline.runtime.membership;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.UniqueAddress;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Down;
import org.halocline.runtime.LocalMessage;
import org.halocline.runtime.log.JobMdc;
import org.halocline.runtime.state.ProcessLock;
import org.halocline.runtime.state.StateDirectory;

/**
 * Looks after the processes of other members, twice a second: the oldest member watches all, every other member watches
 * the three oldest. A member whose {@link ProcessLock} is free, and whose port refuses connections, two looks in a row,
 * is gone: it is downed at once. Both must be so: where locks do not work on the shared disk, or where the network is
 * cut, one of the two is not, and silence has to decide, as elsewhere.
 */
public final class ProcessMonitor extends AbstractBehavior<ProcessMonitor.Command> {
  private static final Duration EVERY = Duration.ofMillis(500);
  private static final int CONNECTS_WITHIN_MS = 1000;
  private static final int OLDEST = 3;
  private static final int LOOKS = 2;

  sealed interface Command extends LocalMessage {}

  private record Look() implements Command {}

  private record Looked(Set<UniqueAddress> gone) implements Command {}

  private final StateDirectory state;
  private final Cluster cluster;
  private final Set<String> departed;
  private final Map<UniqueAddress, Integer> looks = new HashMap<>();
  private final Set<UniqueAddress> downed = new HashSet<>();
  private boolean looking;

  public static Behavior<Command> create(StateDirectory state) {
    return Behaviors.setup(context -> Behaviors.withTimers(timers -> new ProcessMonitor(context, timers, state)));
  }

  private ProcessMonitor(ActorContext<Command> context, TimerScheduler<Command> timers, StateDirectory state) {
    super(context);
    this.state = state;
    ActorSystem<?> system = context.getSystem();
    this.cluster = Cluster.get(system);
    this.departed = ProcessFailureDetector.ended(Adapter.toClassic(system).eventStream());
    timers.startTimerWithFixedDelay(new Look(), EVERY);
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder().onAnyMessage(this::on).build();
  }

  private Behavior<Command> on(Command command) {
    switch (command) {
      case Look _ -> look();
      case Looked(Set<UniqueAddress> gone) -> looked(gone);
    }
    return this;
  }

  private void look() {
    List<Member> members = new ArrayList<>();
    cluster.state().getMembers().forEach(members::add);
    forget(members.stream().map(Member::uniqueAddress).collect(Collectors.toSet()));
    if (looking)
      return;
    looking = true;
    List<UniqueAddress> targets = targets(members);
    getContext().pipeToSelf(CompletableFuture.supplyAsync(() -> gone(targets), JobMdc.BLOCKING),
        (gone, problem) -> new Looked(problem == null ? gone : Set.of()));
  }

  /** A node that is started anew at the same address is another one. */
  private void forget(Set<UniqueAddress> known) {
    looks.keySet().retainAll(known);
    downed.removeIf(gone -> {
      if (known.contains(gone))
        return false;
      departed.remove(gone.address().toString());
      return true;
    });
  }

  private List<UniqueAddress> targets(List<Member> members) {
    members.sort((one, other) -> one.isOlderThan(other) ? -1 : other.isOlderThan(one) ? 1 : 0);
    UniqueAddress self = cluster.selfMember().uniqueAddress();
    boolean oldest = !members.isEmpty() && members.getFirst().uniqueAddress().equals(self);
    return members.stream().limit(oldest ? members.size() : OLDEST).map(Member::uniqueAddress)
        .filter(member -> !member.equals(self) && !downed.contains(member)).toList();
  }

  private Set<UniqueAddress> gone(List<UniqueAddress> targets) {
    Set<UniqueAddress> gone = new HashSet<>();
    for (UniqueAddress target : targets)
      if (state.signOf(Membership.name(target.address())) == ProcessLock.Sign.FREE && refuses(target.address()))
        gone.add(target);
    return gone;
  }

  /** Whether its host says that no process listens there. */
  private static boolean refuses(Address address) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(address.getHost().orElse(""), address.getPort().orElse(0)),
          CONNECTS_WITHIN_MS);
      return false;
    } catch (ConnectException e) {
      return String.valueOf(e.getMessage()).contains("refused");
    } catch (IOException e) {
      return false;
    }
  }

  private void looked(Set<UniqueAddress> gone) {
    looking = false;
    looks.keySet().retainAll(gone);
    for (UniqueAddress member : gone)
      if (looks.merge(member, 1, Integer::sum) == LOOKS) {
        getContext().getLog().warn("the process of node {} has ended; it is taken out of the cluster",
            Membership.name(member.address()));
        downed.add(member);
        departed.add(member.address().toString());
        cluster.manager().tell(new Down(member.address()));
      }
  }
}
