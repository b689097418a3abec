package org.halocline.transport.plane;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.LongAdder;
import org.halocline.transport.NodeAddress;
import org.halocline.transport.wire.FrameHeader;

/**
 * A hop on the way to a data plane's UDP port that loses, doubles, delays (and so reorders) and damages datagrams, both
 * ways, as a seeded generator says. It listens on another loopback address at the same port, as a node's stream is
 * numbered by its port. One thread.
 */
final class FaultyHop implements AutoCloseable {
  private static final String ADDRESS = "127.0.0.2";
  private static final int AERON_HEADER = 32;
  private static final int SAMPLES = 400;

  /**
   * @param loss share of the datagrams that vanish
   * @param twice share that comes twice
   * @param late share that is held back
   * @param lateMs for at most so long
   * @param damaged share of those with payload that have a bit of it changed, where UDP's checksum no longer sees it
   */
  record Faults(double loss, double twice, double late, int lateMs, double damaged) {
    static Faults none() {
      return new Faults(0, 0, 0, 0, 0);
    }

    static Faults cut() {
      return new Faults(1, 0, 0, 0, 0);
    }
  }

  private record Planned(long passed, Runnable action) {}

  private record Held(long dueNs, long number, ByteBuffer datagram, DatagramChannel through, InetSocketAddress to) {}

  final LongAdder passed = new LongAdder();
  final LongAdder lost = new LongAdder();
  final LongAdder doubled = new LongAdder();
  final LongAdder delayed = new LongAdder();
  final LongAdder damaged = new LongAdder();
  private final NodeAddress node;
  private final SplittableRandom random;
  private final Selector selector = Selector.open();
  private final DatagramChannel front = DatagramChannel.open();
  private final Map<InetSocketAddress, DatagramChannel> backs = new HashMap<>();
  private final Queue<Held> held = new PriorityQueue<>(
      (a, b) -> a.dueNs() != b.dueNs() ? Long.compare(a.dueNs(), b.dueNs()) : Long.compare(a.number(), b.number()));
  private final ArrayDeque<byte[]> samples = new ArrayDeque<>();
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 16);
  private final Thread thread;
  private volatile Faults faults;
  private volatile Planned planned = new Planned(Long.MAX_VALUE, () -> {});
  private volatile boolean closed;
  private long number;

  FaultyHop(NodeAddress node, long seed, Faults faults) throws IOException {
    this.node = node;
    this.random = new SplittableRandom(seed);
    this.faults = faults;
    prepare(front).bind(new InetSocketAddress(ADDRESS, node.port()));
    front.register(selector, SelectionKey.OP_READ);
    thread = Thread.ofPlatform().daemon().name("faulty-hop-" + node.port()).start(this::run);
  }

  /** Where the node is reached through here. */
  NodeAddress address() {
    return new NodeAddress(node.slot(), node.driver(), ADDRESS, node.port());
  }

  void faults(Faults next) {
    faults = next;
  }

  /**
   * The hop's thread does this, once, when so many more datagrams have passed, and before the next one is looked at.
   */
  void afterMore(long datagrams, Runnable action) {
    planned = new Planned(passed.sum() + datagrams, action);
  }

  /** The latest datagrams that went to the node. */
  List<byte[]> samples() {
    synchronized (samples) {
      return new ArrayList<>(samples);
    }
  }

  private static DatagramChannel prepare(DatagramChannel channel) throws IOException {
    channel.setOption(StandardSocketOptions.SO_RCVBUF, 2 << 20).setOption(StandardSocketOptions.SO_SNDBUF, 2 << 20)
        .configureBlocking(false);
    return channel;
  }

  private void run() {
    try {
      while (!closed) {
        long wait = held.isEmpty() ? 50 : Math.max(1, (held.peek().dueNs() - System.nanoTime()) / 1_000_000);
        selector.select(this::take, wait);
        for (Held next = held.peek(); next != null && next.dueNs() <= System.nanoTime(); next = held.peek()) {
          held.remove();
          send(next.datagram(), next.through(), next.to());
        }
      }
    } catch (IOException e) {
      if (!closed)
        throw new java.io.UncheckedIOException(e);
    }
  }

  private void take(SelectionKey key) {
    try {
      DatagramChannel from = (DatagramChannel) key.channel();
      for (int i = 0; i < 64; i++) {
        InetSocketAddress source = (InetSocketAddress) from.receive(buffer.clear());
        if (source == null)
          return;
        buffer.flip();
        if (from == front) {
          sample();
          pass(back(source), new InetSocketAddress(node.host(), node.port()));
        } else
          pass(front, (InetSocketAddress) key.attachment());
      }
    } catch (IOException e) {
      // one end is gone: what was for it is lost
    }
  }

  private void sample() {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(0, bytes);
    synchronized (samples) {
      if (samples.size() == SAMPLES)
        samples.remove();
      samples.add(bytes);
    }
  }

  private DatagramChannel back(InetSocketAddress source) throws IOException {
    DatagramChannel known = backs.get(source);
    if (known == null) {
      known = prepare(DatagramChannel.open()).bind(new InetSocketAddress(ADDRESS, 0));
      known.register(selector, SelectionKey.OP_READ, source);
      backs.put(source, known);
    }
    return known;
  }

  private void pass(DatagramChannel through, InetSocketAddress to) throws IOException {
    Faults now = faults;
    boolean loses = random.nextDouble() < now.loss();
    boolean doubles = random.nextDouble() < now.twice();
    boolean delays = random.nextDouble() < now.late();
    boolean damages = random.nextDouble() < now.damaged() && firstFrame() > AERON_HEADER + FrameHeader.LENGTH;
    if (loses) {
      lost.increment();
      return;
    }
    if (damages) {
      int at = AERON_HEADER + random.nextInt(firstFrame() - AERON_HEADER);
      buffer.put(at, (byte) (buffer.get(at) ^ 1 << random.nextInt(8)));
      damaged.increment();
    }
    if (delays) {
      ByteBuffer copy = ByteBuffer.allocate(buffer.remaining()).put(0, buffer, 0, buffer.remaining());
      long dueNs = System.nanoTime() + (long) (random.nextDouble() * now.lateMs() * 1e6);
      held.add(new Held(dueNs, number++, copy, through, to));
      delayed.increment();
    } else
      send(buffer.duplicate(), through, to);
    if (doubles) {
      send(buffer.duplicate(), through, to);
      doubled.increment();
    }
  }

  /** Length of the datagram's first frame; Aeron's own headers are left alone. */
  private int firstFrame() {
    return Math.min(buffer.remaining(), Integer.reverseBytes(buffer.getInt(0)));
  }

  private void send(ByteBuffer datagram, DatagramChannel through, InetSocketAddress to) throws IOException {
    through.send(datagram, to);
    passed.increment();
    Planned due = planned;
    if (passed.sum() >= due.passed()) {
      planned = new Planned(Long.MAX_VALUE, () -> {});
      due.action().run();
    }
  }

  @Override
  public void close() throws Exception {
    closed = true;
    selector.wakeup();
    thread.join();
    for (DatagramChannel channel : backs.values())
      channel.close();
    front.close();
    selector.close();
  }

  @Override
  public String toString() {
    return passed + " passed, " + lost + " lost, " + doubled + " doubled, " + delayed + " delayed, " + damaged
        + " damaged";
  }
}
