package org.halocline.transport.plane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.aeron.Aeron;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.halocline.transport.Checksum;
import org.halocline.transport.DomainMember;
import org.halocline.transport.NodeAddress;
import org.halocline.transport.TrafficCounters;
import org.halocline.transport.TrafficMeter;
import org.halocline.transport.TransferFailedException;
import org.halocline.transport.wire.FrameChecksum;
import org.halocline.transport.wire.FrameHeader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Forged frames, given to the frame handler directly. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class InboundTest {
  private static final int LENGTH = 5000;
  private static final int GUARD = 1 << 20;
  private static final int SESSION = 5000;
  private static final int CHAIN = 6;
  private static final int PHASE = 33;

  @TempDir
  Path directory;
  private final Arena arena = Arena.ofShared();
  private final NodeAddress node = new NodeAddress(0, "a", "127.0.0.1", 40_000);
  private final DomainMember own = new DomainMember(99, 0, List.of(node, node));
  private final DomainMember peer = new DomainMember(99, 1, List.of(node, node));
  private final TrafficMeter traffic = new TrafficMeter();
  private final UnsafeBuffer frame = new UnsafeBuffer(new byte[16_384]);
  private final MemorySegment guarded = arena.allocate(GUARD + LENGTH + GUARD, 64).fill((byte) 77);
  private final MemorySegment into = guarded.asSlice(GUARD, LENGTH);
  private MediaDriver driver;
  private Aeron aeron;
  private final Domains domains = new Domains();
  private Inbound inbound;
  private RankState rank;

  @BeforeEach
  void start() {
    driver = MediaDriver.launch(new MediaDriver.Context().aeronDirectoryName(directory.resolve("driver").toString())
        .threadingMode(ThreadingMode.SHARED));
    aeron = Aeron.connect(new Aeron.Context().aeronDirectoryName(driver.aeronDirectoryName()));
    Shake still = new Shake(OptionalLong.empty());
    FrameChecksum checksum = new FrameChecksum(Checksum.NONE);
    PeerChannel channel = new PeerChannel(aeron, node, false, "aeron:ipc?term-length=64k", still, traffic, checksum);
    rank = new RankState(own);
    domains.add(rank);
    rank.join(List.of(channel, channel));
    inbound = new Inbound(domains, traffic, still, checksum);
  }

  @AfterEach
  void stop() {
    aeron.close();
    driver.close();
    arena.close();
  }

  private OpenTransfer post() {
    OpenTransfer receive = new OpenTransfer(rank, false, CHAIN, 1, PHASE, into, 0);
    rank.submit(receive);
    return receive;
  }

  private void data(long transfer, long offset, long total, int payload, int value) {
    FrameHeader.write(frame, 0, FrameHeader.DATA, (short) 0, peer, 0, CHAIN, PHASE, transfer, offset, total);
    frame.setMemory(FrameHeader.LENGTH, payload, (byte) value);
    take(FrameHeader.LENGTH + payload);
  }

  private void take(int length) {
    inbound.onFrame(frame, 0, length, SESSION);
  }

  private void assertRejected(long count) {
    assertEquals(count, traffic.snapshot().rejected(), "rejected");
    assertEquals(0, traffic.snapshot().dropped(), "dropped");
    assertEquals(-1, guarded.mismatch(arena.allocate(guarded.byteSize()).fill((byte) 77)));
  }

  @Test
  void shouldCopyWhatFits() {
    OpenTransfer receive = post();
    data(0, 4000, LENGTH, 1000, 1);
    assertFalse(receive.isDone());
    data(0, 0, LENGTH, 4000, 1);
    receive.await();
    assertEquals(-1, into.mismatch(arena.allocate(LENGTH).fill((byte) 1)));
    assertEquals(0, traffic.snapshot().rejected() + traffic.snapshot().dropped());
    data(0, 0, LENGTH, 4000, 2);
    assertEquals(1, traffic.snapshot().dropped(), "a frame of a transfer that has ended");
    assertEquals(-1, into.mismatch(arena.allocate(LENGTH).fill((byte) 1)));
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 4001, LENGTH, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 32, -(1L << 32)})
  void shouldRejectAnOffsetOutOfBounds(long offset) {
    post();
    data(0, offset, LENGTH, 1000, 1);
    assertRejected(1);
  }

  @Test
  void shouldRejectWrongTotalPhaseAndPayload() {
    post();
    data(0, 0, LENGTH + 1, 10, 1);
    data(0, 0, -1, 10, 1);
    data(0, 0, LENGTH, 0, 1);
    data(0, 0, LENGTH, LENGTH + 1, 1);
    FrameHeader.write(frame, 0, FrameHeader.DATA, (short) 0, peer, 0, CHAIN, PHASE + 1, 0, 0, LENGTH);
    take(FrameHeader.LENGTH + 10);
    assertRejected(5);
  }

  @Test
  void shouldRejectMoreBytesThanTheTransferHas() {
    OpenTransfer receive = post();
    data(0, 0, LENGTH, 3000, 1);
    data(0, 0, LENGTH, 3000, 1);
    assertEquals(1, traffic.snapshot().rejected());
    assertFalse(receive.isDone());
  }

  @Test
  void shouldRejectForeignFrames() {
    post();
    FrameHeader.write(frame, 0, FrameHeader.DATA, (short) 0, peer, 0, CHAIN, PHASE, 0, 0, LENGTH);
    take(FrameHeader.LENGTH - 1);
    frame.putByte(4, (byte) (FrameHeader.VERSION + 1));
    take(FrameHeader.LENGTH + 10);
    frame.putByte(4, FrameHeader.VERSION);
    frame.putInt(0, 0x12345678);
    take(FrameHeader.LENGTH + 10);
    frame.putInt(0, FrameHeader.MAGIC);
    frame.putByte(5, (byte) 99);
    take(FrameHeader.LENGTH);
    frame.putByte(5, FrameHeader.CREDIT);
    take(FrameHeader.LENGTH + 1);
    assertRejected(5);
  }

  @Test
  void shouldDropFramesOfAnotherDomain() {
    post();
    for (DomainMember other : List.of(new DomainMember(100, 1, own.ranks()), new DomainMember(-99, 1, own.ranks()),
        new DomainMember(98, 1, own.ranks()))) {
      FrameHeader.write(frame, 0, FrameHeader.DATA, (short) 0, other, 0, CHAIN, PHASE, 0, 0, LENGTH);
      take(FrameHeader.LENGTH + 10);
      FrameHeader.write(frame, 0, FrameHeader.CREDIT, (short) 0, other, 0, CHAIN, PHASE, 0, 0, LENGTH);
      take(FrameHeader.LENGTH);
    }
    assertEquals(6, traffic.snapshot().dropped());
    assertEquals(0, traffic.snapshot().rejected());
    assertEquals(-1, guarded.mismatch(arena.allocate(guarded.byteSize()).fill((byte) 77)));
  }

  private void hello() {
    FrameHeader.write(frame, 0, FrameHeader.HELLO, (short) 0, peer, 0, 0, 0, 0, 0, own.ranks().size());
    take(FrameHeader.LENGTH);
  }

  /** The same rank, asking for checksums. */
  private void requireChecksums() {
    inbound = new Inbound(domains, traffic, new Shake(OptionalLong.empty()), new FrameChecksum(Checksum.CRC32C));
  }

  @Test
  void shouldTakeAFrameWithItsChecksum() {
    requireChecksums();
    OpenTransfer receive = post();
    FrameHeader.write(frame, 0, FrameHeader.DATA, (short) 0, peer, 0, CHAIN, PHASE, 0, 0, LENGTH);
    frame.setMemory(FrameHeader.LENGTH, LENGTH, (byte) 3);
    new FrameChecksum(Checksum.CRC32C).seal(frame, 0, FrameHeader.LENGTH + LENGTH);
    take(FrameHeader.LENGTH + LENGTH);
    receive.await();
    assertEquals(-1, into.mismatch(arena.allocate(LENGTH).fill((byte) 3)));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 4, 5, 6, 9, 17, 33, 36, 41, 50, 60, 64, 64 + LENGTH - 1})
  void shouldFailLoudlyOnAFlippedBit(int at) {
    requireChecksums();
    FrameChecksum seal = new FrameChecksum(Checksum.CRC32C);
    FrameHeader.write(frame, 0, FrameHeader.HELLO, (short) 0, peer, 0, 0, 0, 0, 0, own.ranks().size());
    seal.seal(frame, 0, FrameHeader.LENGTH);
    take(FrameHeader.LENGTH);
    OpenTransfer receive = post();
    FrameHeader.write(frame, 0, FrameHeader.DATA, (short) 0, peer, 0, CHAIN, PHASE, 0, 0, LENGTH);
    frame.setMemory(FrameHeader.LENGTH, LENGTH, (byte) 3);
    seal.seal(frame, 0, FrameHeader.LENGTH + LENGTH);
    frame.putByte(at, (byte) (frame.getByte(at) ^ 0x10));
    take(FrameHeader.LENGTH + LENGTH);
    String message = assertThrows(TransferFailedException.class, receive::await).getMessage();
    assertTrue(message.contains("this domain cannot go on"), message);
    assertRejected(1);
    assertEquals(1, traffic.snapshot().peers().get(node).rejected());
  }

  @Test
  void shouldFailLoudlyWhereThePeerSendsNoChecksums() {
    hello();
    OpenTransfer receive = post();
    requireChecksums();
    data(0, 0, LENGTH, LENGTH, 1);
    String message = assertThrows(TransferFailedException.class, receive::await).getMessage();
    assertTrue(message.contains("transport.checksum"), message);
    assertRejected(1);
  }

  @Test
  void shouldFailWhatIsOpenWithAPeerThatSendsNonsense() {
    hello();
    OpenTransfer receive = post();
    data(0, 1, LENGTH, LENGTH, 1);
    assertThrows(TransferFailedException.class, receive::await);
    assertRejected(1);
  }

  @Test
  void shouldCountByPeer() {
    hello();
    data(7, 0, LENGTH, 10, 1);
    TrafficCounters.Peer with = traffic.snapshot().peers().get(node);
    assertEquals(1, with.dropped());
    assertEquals(0, with.rejected());
    inbound.onFrame(frame, 0, 3, SESSION + 1);
    assertEquals(1, traffic.snapshot().rejected());
    assertEquals(0, traffic.snapshot().peers().get(node).rejected(), "from an unknown stream");
  }

  @Test
  void shouldRejectACreditThatComesTwice() {
    for (int i = 0; i < 2; i++) {
      FrameHeader.write(frame, 0, FrameHeader.CREDIT, (short) 0, peer, 0, CHAIN, PHASE, 0, 0, LENGTH);
      take(FrameHeader.LENGTH);
    }
    assertEquals(1, traffic.snapshot().rejected());
  }

  @Test
  void shouldBoundTheCreditsThatWaitForASend() {
    int more = 100;
    for (int i = 0; i < RankState.MAX_EARLY_CREDITS + more; i++) {
      FrameHeader.write(frame, 0, FrameHeader.CREDIT, (short) 0, peer, 0, i / 1000, PHASE, i % 1000, 0, LENGTH);
      take(FrameHeader.LENGTH);
    }
    assertEquals(more, traffic.snapshot().rejected());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void shouldNeverCopyOutOfBoundsForAnyFrame(long seed) {
    System.out.println("seed " + seed);
    SplittableRandom random = new SplittableRandom(seed);
    int posted = 0;
    OpenTransfer receive = post();
    for (int i = 0; i < 10_000; i++) {
      if (receive.isDone()) {
        receive = post();
        posted++;
      }
      int payload = random.nextInt(6) == 0 ? random.nextInt(10_000) : random.nextInt(200);
      FrameHeader.write(frame, 0, random.nextInt(4) == 0 ? (byte) random.nextInt(6) : FrameHeader.DATA,
          (short) random.nextInt(2), peer, 0, CHAIN, PHASE,
          receive.sequence, random.nextLong(LENGTH), LENGTH);
      for (int mutations = random.nextInt(4) - 1; mutations > 0; mutations--)
        switch (random.nextInt(9)) {
          case 4 -> frame.putLong(8, random.nextLong());
          case 5 -> frame.putInt(20, random.nextInt() >> random.nextInt(32));
          case 6 -> frame.putInt(24, random.nextInt() >> random.nextInt(32));
          case 7 -> frame.putInt(28, random.nextInt() >> random.nextInt(32));
          case 8 -> frame.putLong(48, Long.MAX_VALUE - random.nextInt(LENGTH));
          case 0 -> frame.putByte(random.nextInt(FrameHeader.LENGTH), (byte) random.nextInt());
          case 1 -> frame.putLong(48, random.nextLong() >> random.nextInt(64));
          case 2 -> frame.putLong(56, LENGTH + random.nextInt(-2, 3));
          default -> frame.putLong(40, random.nextInt(-1, 4));
        }
      frame.setMemory(FrameHeader.LENGTH, payload, (byte) i);
      take(random.nextInt(20) == 0 ? random.nextInt(FrameHeader.LENGTH + 1) : FrameHeader.LENGTH + payload);
    }
    MemorySegment untouched = arena.allocate(GUARD).fill((byte) 77);
    assertEquals(-1, guarded.asSlice(0, GUARD).mismatch(untouched), "before the posted memory");
    assertEquals(-1, guarded.asSlice(GUARD + LENGTH, GUARD).mismatch(untouched), "after the posted memory");
    TrafficCounters counters = traffic.snapshot();
    assertTrue(posted > 10 && counters.rejected() > 500 && counters.dropped() > 100,
        "the forger is dull: " + posted + " transfers ended, " + counters);
  }
}
