package org.halocline.ops.net;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * The open connections. Where there are too many, a new connection takes the place of the one that has longest owed a
 * request or its body, or of one that has read nothing for long. Idle connections therefore keep no other caller out,
 * and connections that are being answered stay. Thread-safe.
 */
final class Connections {
  /** A caller that has read nothing for so long may be cut for the sake of another. */
  private static final long STALLS_NS = Duration.ofSeconds(3).toNanos();
  /** So may a caller whose body is on its way for so long, and has not brought so many bytes. */
  private static final long BODY_NS = Duration.ofSeconds(1).toNanos();
  private static final long BODY_BYTES = 64 << 10;
  private static final int NETWORK_BYTES = 8;

  private final ConnectionLimits limits;
  private final LongSupplier clockNs;
  private final Set<Connection> open = new LinkedHashSet<>();

  Connections(ConnectionLimits limits, LongSupplier clockNs) {
    this.limits = limits;
    this.clockNs = clockNs;
  }

  ConnectionLimits limits() {
    return limits;
  }

  /** Lets a connection in; empty where all connections of its peer, or all of the server, are being answered. */
  synchronized Optional<Connection> admit(InetAddress from) {
    String peer = peer(from);
    List<Connection> own = open.stream().filter(other -> other.peer().equals(peer)).toList();
    boolean room = own.size() < limits.ofPeer() && open.size() < limits.all();
    if (!room && !makeRoom(own.size() >= limits.ofPeer() ? own : ofGreediest()))
      return Optional.empty();
    Connection connection = new Connection(peer, clockNs);
    open.add(connection);
    return Optional.of(connection);
  }

  private static String peer(InetAddress from) {
    if (from.isLoopbackAddress())
      return "loopback";
    return from instanceof Inet6Address
        ? HexFormat.of().formatHex(from.getAddress(), 0, NETWORK_BYTES)
        : from.getHostAddress();
  }

  private List<Connection> ofGreediest() {
    Map<String, List<Connection>> byPeer = open.stream()
        .collect(Collectors.groupingBy(Connection::peer, Collectors.mapping(Function.identity(), Collectors.toList())));
    return byPeer.values().stream().max(Comparator.comparingInt(List::size)).orElse(List.of());
  }

  private boolean makeRoom(List<Connection> among) {
    long now = clockNs.getAsLong();
    Optional<Connection> victim = among.stream().filter(Connection::rests)
        .max(Comparator.comparingLong(resting -> now - resting.sinceNs()))
        .or(() -> among.stream().filter(other -> other.owesBodyNs(BODY_BYTES) > BODY_NS)
            .max(Comparator.comparingLong(other -> other.owesBodyNs(BODY_BYTES))))
        .or(() -> among.stream().filter(other -> other.stalledNs() > STALLS_NS)
            .max(Comparator.comparingLong(Connection::stalledNs)));
    victim.ifPresent(gone -> {
      open.remove(gone);
      gone.cut();
    });
    return victim.isPresent();
  }

  /** It has ended. */
  synchronized void remove(Connection connection) {
    open.remove(connection);
    notifyAll();
  }

  /** Ends all connections: those that rest at once, the others after a while. */
  synchronized void close(Duration within) throws InterruptedException {
    List.copyOf(open).stream().filter(Connection::rests).forEach(Connection::cut);
    awaitNone(within);
    List.copyOf(open).forEach(Connection::cut);
    awaitNone(within);
  }

  private synchronized void awaitNone(Duration within) throws InterruptedException {
    long until = System.nanoTime() + within.toNanos();
    for (long left = within.toMillis(); !open.isEmpty() && left > 0; left = (until - System.nanoTime()) / 1_000_000)
      wait(left);
  }
}
