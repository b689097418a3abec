package org.halocline.transport.plane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.aeron.Aeron;
import io.aeron.ChannelUriStringBuilder;
import io.aeron.ExclusivePublication;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.halocline.transport.DomainMember;
import org.halocline.transport.FrameProtection;
import org.halocline.transport.Link;
import org.halocline.transport.NodeAddress;
import org.halocline.transport.SharedSecret;
import org.halocline.transport.TrafficCounters;
import org.halocline.transport.Transfer;
import org.halocline.transport.wire.FrameHeader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What strangers and liars send to a data plane's real port, while two nodes go on exchanging blocks that they compare.
 */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HostileFramesTest {
  private static final int FRAMES = 10_000;
  private static final long DOMAIN = 0x70_6b_65_6eL;
  /** Of the first rank's post that only hostile frames are sent to. */
  private static final int BAIT_CHAIN = 99;
  private static final int BAIT_PHASE = 7;
  private static final int BAIT_LENGTH = 5000;
  private static final int GUARD = 1 << 16;
  private static final SharedSecret SECRET = SharedSecret.of("tea");

  @TempDir
  Path directory;
  private final List<AutoCloseable> opened = new ArrayList<>();
  private final AtomicBoolean over = new AtomicBoolean();
  private long filesBefore;
  private DataPlane first;
  private DataPlane second;
  private FaultyHop hop;
  private List<Link> links;

  @BeforeEach
  void start() throws Exception {
    filesBefore = openFiles();
    first = start(0);
    second = start(1);
    hop = opened(new FaultyHop(first.address(), 1, FaultyHop.Faults.none()));
    links = List.of(first.join(new DomainMember(DOMAIN, 0, List.of(first.address(), second.address()))),
        second.join(new DomainMember(DOMAIN, 1, List.of(hop.address(), second.address()))));
    new Exchange(39, 2, 1, 2, 1000).run(links); // all streams are there
  }

  private DataPlane start(int slot) {
    return opened(DataPlane.start(Wiring.settings(slot, directory)
        .withProtection(FrameProtection.none().withSecret(SECRET))));
  }

  private <T extends AutoCloseable> T opened(T resource) {
    opened.add(resource);
    return resource;
  }

  @AfterEach
  void close() throws Exception {
    over.set(true);
    for (AutoCloseable c : opened.reversed())
      c.close();
    String mapped = directory.toString();
    assertEquals(List.of(), Files.readAllLines(Path.of("/proc/self/maps")).stream()
        .filter(line -> line.contains(mapped)).toList(), "memory that is still mapped");
    Waiting.until("file descriptors as before, " + filesBefore, () -> openFiles() <= filesBefore + 10);
  }

  private static long openFiles() {
    try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
      return files.count();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** Blocks go both ways, and are compared, until the hostile ones have had enough. */
  private FutureTask<Long> exchangeUntilOver() {
    Callable<Long> exchange = () -> {
      long bytes = 0;
      for (int i = 0; !over.get() || i < 2; i++)
        bytes += new Exchange(40 + i, 2, 3, 4, 300_000).run(links);
      return bytes;
    };
    FutureTask<Long> task = new FutureTask<>(exchange);
    Thread.ofPlatform().name("exchange").start(task);
    return task;
  }

  private void assertUnharmed(FutureTask<Long> exchange) throws Exception {
    over.set(true);
    System.out.println(exchange.get() + " bytes exchanged meanwhile; " + first.counters());
    assertEquals(Optional.empty(), first.failure());
    assertEquals(Optional.empty(), second.failure());
    assertEquals(0, first.counters().peers().values().stream().mapToLong(TrafficCounters.Peer::rejected).sum(),
        "the honest peer is not blamed");
    links.forEach(link -> assertEquals(List.of(), link.openTransfers()));
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12})
  void shouldBearAnyDatagram(long seed) throws Exception {
    System.out.println("seed " + seed);
    SplittableRandom random = new SplittableRandom(seed);
    FutureTask<Long> exchange = exchangeUntilOver();
    Waiting.until("datagrams of the honest node to imitate", () -> hop.samples().size() > 20);
    long images = logFiles();
    try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getByName("127.0.0.3"))) {
      // The kernel drops what comes faster than a busy machine reads it: then more are sent.
      for (int i = 0; i < FRAMES || i < 50 * FRAMES && first.counters().rejected() <= FRAMES / 20; i++) {
        byte[] datagram = switch (random.nextInt(3)) {
          case 0 -> noise(random);
          case 1 -> imitation(random);
          default -> mutated(hop.samples(), random);
        };
        socket.send(new DatagramPacket(datagram, datagram.length, InetAddress.getByName(first.address().host()),
            first.address().port()));
        if (i % 16 == 0)
          LockSupport.parkNanos(100_000);
      }
    }
    assertEquals(images, logFiles(), "a stranger got memory");
    assertUnharmed(exchange);
    assertTrue(first.counters().rejected() > FRAMES / 20, "rejected: " + first.counters());
  }

  private static byte[] noise(SplittableRandom random) {
    byte[] bytes = new byte[random.nextInt(3) == 0 ? random.nextInt(60) : random.nextInt(9000)];
    random.nextBytes(bytes);
    return bytes;
  }

  /** What may pass for one of Aeron's frames: of any type, to the right stream as a rule. */
  private byte[] imitation(SplittableRandom random) {
    int length = random.nextInt(2) == 0 ? 40 : random.nextInt(8, 2000);
    ByteBuffer frame = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    random.nextBytes(frame.array());
    frame.putInt(0, random.nextInt(3) == 0 ? random.nextInt() : length);
    frame.putShort(4, (short) (random.nextInt() & 0xFF00)); // version 0, any flags
    if (length > 24) {
      frame.putShort(6, (short) (random.nextInt(2) == 0 ? 5 : random.nextInt(12))); // SETUP, or any
      frame.putInt(16, random.nextInt(5) == 0 ? random.nextInt() : first.address().port());
    }
    if (length >= 40) {
      frame.putInt(28, random.nextInt(4) == 0 ? random.nextInt() : 1 << random.nextInt(16, 31));
      frame.putInt(32, random.nextInt(4) == 0 ? random.nextInt() : 1408);
    }
    return frame.array();
  }

  /** A datagram of the honest node, again from elsewhere, as it was or changed. */
  private static byte[] mutated(List<byte[]> samples, SplittableRandom random) {
    byte[] datagram = samples.get(random.nextInt(samples.size())).clone();
    for (int changes = random.nextInt(4); changes > 0; changes--)
      datagram[random.nextInt(Math.min(datagram.length, 96))] = (byte) random.nextInt();
    return random.nextInt(6) == 0 ? java.util.Arrays.copyOf(datagram, random.nextInt(datagram.length)) : datagram;
  }

  /** One a stream, in the directories of all drivers here. */
  private long logFiles() throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(file -> file.toString().endsWith(".logbuffer")).count();
    }
  }

  /** A stream as a node of the cluster makes it, whose sender lies in every frame. */
  @ParameterizedTest
  @ValueSource(longs = {21, 22})
  void shouldBearAnyFrameOfAWellFormedStream(long seed) throws Exception {
    System.out.println("seed " + seed);
    SplittableRandom random = new SplittableRandom(seed);
    FutureTask<Long> exchange = exchangeUntilOver();
    try (Arena arena = Arena.ofShared()) {
      MemorySegment guarded = arena.allocate(GUARD + BAIT_LENGTH + GUARD, 64).fill((byte) 77);
      MemorySegment bait = guarded.asSlice(GUARD, BAIT_LENGTH);
      Transfer receive = links.get(0).receive(BAIT_CHAIN, 1, BAIT_PHASE, bait);
      TrafficCounters before = first.counters();
      try (Liar liar = new Liar(directory.resolve("liar"), first.address(), Optional.of(SECRET))) {
        for (int i = 0; i < FRAMES; i++)
          liar.tell(random);
        Waiting.until("the hostile frames", () -> refused(first.counters()) - refused(before) >= FRAMES);
      }
      assertFalse(receive.isDone());
      assertEquals(-1, guarded.mismatch(arena.allocate(guarded.byteSize()).fill((byte) 77)), "memory was written");
      MemorySegment truth = arena.allocate(BAIT_LENGTH).fill((byte) 5);
      links.get(1).send(BAIT_CHAIN, 0, BAIT_PHASE, truth).await();
      receive.await();
      assertEquals(-1, bait.mismatch(truth));
      assertUnharmed(exchange);
      TrafficCounters after = first.counters();
      assertTrue(after.rejected() - before.rejected() > FRAMES / 3 && after.dropped() - before.dropped() > FRAMES / 10,
          "the liar is dull: " + after);
    }
  }

  private static long refused(TrafficCounters counters) {
    return counters.rejected() + counters.dropped();
  }

  @Test
  void shouldLetInNoStreamWithoutTheSecret() throws Exception {
    long images = logFiles();
    for (Optional<SharedSecret> wrong : List.of(Optional.<SharedSecret>empty(),
        Optional.of(SharedSecret.of("coffee")))) {
      long before = first.counters().rejected();
      try (Liar stranger = new Liar(directory.resolve("stranger"), first.address(), wrong)) {
        Waiting.until("its SETUP is counted, and so is the next", () -> first.counters().rejected() > before + 3);
        assertFalse(stranger.publication.isConnected());
      }
    }
    assertEquals(images, logFiles());
    over.set(true);
    assertUnharmed(exchangeUntilOver());
  }

  /** A driver and a publication of its own. */
  private static final class Liar implements AutoCloseable {
    private final UnsafeBuffer frame = new UnsafeBuffer(new byte[1 << 15]);
    private final MediaDriver driver;
    private final Aeron aeron;
    private final ExclusivePublication publication;
    private final DomainMember[] memberships;

    Liar(Path directory, NodeAddress victim, Optional<SharedSecret> secret) {
      driver = MediaDriver.launch(new MediaDriver.Context().aeronDirectoryName(directory.toString())
          .threadingMode(ThreadingMode.SHARED).dirDeleteOnStart(true).dirDeleteOnShutdown(true));
      aeron = Aeron.connect(new Aeron.Context().aeronDirectoryName(directory.toString()));
      int session = 0x2222_0000 | 9;
      ChannelUriStringBuilder uri = new ChannelUriStringBuilder().media("udp").endpoint(victim.endpoint())
          .sessionId(session).termLength(1 << 20).mtu(8192);
      secret.ifPresent(known -> uri.initialPosition(0, known.initialTermId(session), 1 << 20));
      publication = aeron.addExclusivePublication(uri.build(), victim.port());
      List<NodeAddress> nodes = List.of(victim, victim);
      memberships = new DomainMember[]{new DomainMember(DOMAIN, 1, nodes), new DomainMember(~DOMAIN, 1, nodes),
          new DomainMember(0, 1, nodes), new DomainMember(DOMAIN - 1, 1, nodes),
          new DomainMember(DOMAIN + 1, 1, nodes)};
    }

    /** One frame that is wrong in one way at least. */
    void tell(SplittableRandom random) {
      int length = write(random);
      while (publication.offer(frame, 0, length) < 0)
        Thread.onSpinWait();
    }

    private int write(SplittableRandom random) {
      int payload = random.nextInt(8) == 0 ? random.nextInt(20_000) : random.nextInt(300);
      int whole = FrameHeader.LENGTH + payload;
      frame.setMemory(0, whole, (byte) random.nextInt());
      bait(memberships[0], random.nextLong(BAIT_LENGTH - 300));
      switch (random.nextInt(12)) {
        case 0 -> frame.putInt(0, random.nextInt());
        case 1 -> frame.putByte(4, (byte) (FrameHeader.VERSION + 1 + random.nextInt(200)));
        case 2, 3 -> bait(memberships[1 + random.nextInt(4)], 0);
        case 4 -> frame.putInt(24, random.nextInt(2) == 0 ? -1 - random.nextInt(5) : 2 + random.nextInt(1 << 30));
        case 5 -> frame.putInt(28, random.nextInt(2) == 0 ? -1 : 2 + random.nextInt(1 << 30));
        case 6 -> frame.putLong(48, BAIT_LENGTH - payload + 1 + random.nextInt(10_000));
        case 7 -> frame.putLong(48, random.nextInt(2) == 0 ? Long.MAX_VALUE - random.nextInt(9000) : -1 - payload);
        case 8 -> frame.putLong(56, random.nextInt(2) == 0 ? random.nextLong() | 1L << 40 : -BAIT_LENGTH);
        case 9 -> frame.putByte(5, (byte) (5 + random.nextInt(200)));
        case 10 -> {
          return random.nextInt(FrameHeader.LENGTH);
        }
        default -> frame.putLong(40, random.nextInt(2) == 0 ? 1 + (random.nextLong() >>> 1) : -1);
      }
      return whole;
    }

    private void bait(DomainMember from, long offset) {
      FrameHeader.write(frame, 0, FrameHeader.DATA, (short) 0, from, 0, BAIT_CHAIN, BAIT_PHASE, 0, offset,
          BAIT_LENGTH);
    }

    @Override
    public void close() {
      aeron.close();
      driver.close();
    }
  }
}
