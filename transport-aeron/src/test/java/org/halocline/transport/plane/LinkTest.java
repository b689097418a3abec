package org.halocline.transport.plane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.halocline.transport.DataPlaneException;
import org.halocline.transport.DomainMember;
import org.halocline.transport.Link;
import org.halocline.transport.NodeAddress;
import org.halocline.transport.TrafficCounters;
import org.halocline.transport.Transfer;
import org.halocline.transport.TransferFailedException;
import org.halocline.transport.TransferRevokedException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LinkTest {
  private static final long DOMAIN = 0xD0D0;

  @TempDir
  Path directory;
  private final Arena arena = Arena.ofShared();
  private final List<AutoCloseable> opened = new ArrayList<>(List.of(arena));

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable c : opened.reversed())
      c.close();
  }

  private Wiring.Nodes start(Wiring wiring) {
    Wiring.Nodes nodes = wiring.start(directory, OptionalLong.empty());
    opened.add(nodes);
    return nodes;
  }

  private MemorySegment memory(long bytes, int value) {
    return arena.allocate(bytes, 8).fill((byte) value);
  }

  private void exchange(Link from, Link to, int chain, int bytes) {
    exchange(from, to, chain, memory(bytes, 5), memory(bytes, 0));
  }

  private static void exchange(Link from, Link to, int chain, MemorySegment block, MemorySegment into) {
    Transfer receive = to.receive(chain, from.membership().rank(), 9, into);
    Transfer send = from.send(chain, to.membership().rank(), 9, block);
    send.await();
    receive.await();
    assertEquals(-1, into.mismatch(block));
  }

  @ParameterizedTest
  @EnumSource(Wiring.class)
  void shouldReportPhaseMismatchOnBothSides(Wiring wiring) {
    List<Link> links = start(wiring).join(DOMAIN, 2);
    Transfer receive = links.get(0).receive(4, 1, 17, memory(100, 0));
    Transfer send = links.get(1).send(4, 0, 18, memory(100, 1));
    String atReceiver = assertThrows(TransferFailedException.class, receive::await).getMessage();
    String atSender = assertThrows(TransferFailedException.class, send::await).getMessage();
    assertTrue(atReceiver.contains("phase 17 posted here, phase 18 sent by the peer"), atReceiver);
    assertTrue(atSender.contains("phase 18 sent here, phase 17 posted by the peer"), atSender);
    assertTrue(atSender.contains("chain 4") && atSender.contains("rank 0"), atSender);
    exchange(links.get(1), links.get(0), 4, 100);
  }

  @ParameterizedTest
  @EnumSource(Wiring.class)
  void shouldReportLengthMismatchOnBothSides(Wiring wiring) {
    List<Link> links = start(wiring).join(DOMAIN, 2);
    MemorySegment into = memory(100, 7);
    Transfer send = links.get(1).send(4, 0, 3, memory(101, 1));
    Transfer receive = links.get(0).receive(4, 1, 3, into);
    String atReceiver = assertThrows(TransferFailedException.class, receive::await).getMessage();
    String atSender = assertThrows(TransferFailedException.class, send::await).getMessage();
    assertTrue(atReceiver.contains("length 100 posted here, length 101 sent by the peer"), atReceiver);
    assertTrue(atSender.contains("length 101 sent here, length 100 posted by the peer"), atSender);
    assertEquals(-1, into.mismatch(memory(100, 7)));
  }

  @Test
  void shouldReportEmptySendAgainstPostedMemory() {
    List<Link> links = start(Wiring.ONE_NODE_IPC).join(DOMAIN, 2);
    links.get(1).send(0, 0, 1, memory(0, 0)).await();
    Transfer receive = links.get(0).receive(0, 1, 1, memory(8, 0));
    assertThrows(TransferFailedException.class, receive::await);
  }

  @Test
  void shouldReportSendAgainstEmptyPostByTheNextPost() {
    List<Link> links = start(Wiring.ONE_NODE_IPC).join(DOMAIN, 2);
    links.get(0).receive(0, 1, 1, memory(0, 0)).await();
    Transfer unmatched = links.get(1).send(0, 0, 1, memory(8, 0));
    exchange(links.get(1), links.get(0), 0, 8);
    assertTrue(
        assertThrows(TransferFailedException.class, unmatched::await).getMessage().contains("posted zero bytes"));
  }

  @Test
  void shouldCompleteEmptyTransfersWithoutAFrame() {
    Wiring.Nodes nodes = start(Wiring.UDP);
    List<Link> links = nodes.join(DOMAIN, 2);
    exchange(links.get(0), links.get(1), 0, 10);
    exchange(links.get(1), links.get(0), 0, 10);
    long before = framesSent(nodes);
    int transfers = 100;
    for (int i = 0; i < transfers; i++) {
      Transfer receive = links.get(0).receive(0, 1, i, memory(0, 0));
      Transfer send = links.get(1).send(0, 0, i, memory(0, 0));
      receive.await();
      send.await();
    }
    links.forEach(Link::openTransfers);
    // A few hellos, and answers to them, may still have been on their way.
    long sent = framesSent(nodes) - before;
    assertTrue(sent < transfers / 2, "frames for " + transfers + " empty transfers: " + sent);
    exchange(links.get(0), links.get(1), 0, 10);
  }

  private static long framesSent(Wiring.Nodes nodes) {
    return nodes.planes().stream().flatMap(p -> p.counters().peers().values().stream())
        .mapToLong(TrafficCounters.Peer::framesSent).sum();
  }

  @ParameterizedTest
  @EnumSource(Wiring.class)
  void shouldLoseNothingToARankThatJoinsLate(Wiring wiring) {
    Wiring.Nodes nodes = start(wiring);
    Link early = nodes.of(0).join(nodes.membership(DOMAIN, 0, 2));
    MemorySegment into = memory(70_000, 0);
    Transfer receive = early.receive(0, 1, 1, into);
    Transfer send = early.send(0, 1, 1, memory(3000, 8));
    String line = String.join("\n", early.openTransfers());
    assertTrue(line.contains("waits for the peer to join") && line.contains("waits for the peer to post"), line);
    Link late = nodes.of(1).join(nodes.membership(DOMAIN, 1, 2));
    MemorySegment there = memory(3000, 0);
    Transfer lateReceive = late.receive(0, 0, 1, there);
    late.send(0, 0, 1, memory(70_000, 6)).await();
    for (Transfer t : List.of(receive, send, lateReceive))
      t.await();
    assertEquals(-1, into.mismatch(memory(70_000, 6)));
    assertEquals(-1, there.mismatch(memory(3000, 8)));
  }

  @ParameterizedTest
  @EnumSource(Wiring.class)
  void shouldRevokeOpenTransfersAndLeaveTheirMemoryAlone(Wiring wiring) {
    List<Link> links = start(wiring).join(DOMAIN, 2);
    long big = 24 << 20;
    MemorySegment into = memory(big, 0);
    MemorySegment from = memory(big, 3);
    Transfer receive = links.get(0).receive(1, 1, 1, into);
    Transfer unsent = links.get(0).send(1, 1, 1, memory(10, 1));
    Transfer survivor = links.get(0).receive(2, 1, 1, memory(10, 1));
    links.get(1).send(1, 0, 1, from);
    Waiting.until("the first byte", () -> into.get(ValueLayout.JAVA_BYTE, 0) == 3);
    links.get(0).revoke(1);
    assertTrue(receive.isDone() && unsent.isDone());
    if (into.get(ValueLayout.JAVA_BYTE, big - 1) == 0)
      assertThrows(TransferRevokedException.class, receive::await);
    assertThrows(TransferRevokedException.class, unsent::await);
    into.fill((byte) 42);
    assertFalse(survivor.isDone());
    for (int i = 0; i < 50; i++)
      exchange(links.get(0), links.get(1), 2, 5000);
    links.get(1).revoke();
    from.fill((byte) 9);
    assertEquals(-1, into.mismatch(memory(big, 42)));
    assertThrows(TransferRevokedException.class, links.get(0).receive(1, 1, 2, memory(1, 0))::await);
    assertThrows(TransferRevokedException.class, links.get(1).send(7, 0, 2, memory(1, 0))::await);
    links.get(0).close();
    assertThrows(TransferRevokedException.class, survivor::await);
    assertEquals(List.of(), links.get(0).openTransfers());
  }

  @ParameterizedTest
  @EnumSource(Wiring.class)
  void shouldDropAndCountFramesOfADomainThatHasEnded(Wiring wiring) {
    Wiring.Nodes nodes = start(wiring);
    List<Link> old = nodes.join(DOMAIN, 2);
    MemorySegment into = memory(24 << 20, 0);
    Transfer receive = old.get(0).receive(0, 1, 1, into);
    Transfer send = old.get(1).send(0, 0, 1, memory(24 << 20, 3));
    Waiting.until("the first byte", () -> into.get(ValueLayout.JAVA_BYTE, 0) == 3);
    old.get(0).close();
    Link next = nodes.of(0).join(nodes.membership(DOMAIN + 1, 0, 2));
    assertTrue(receive.isDone(), "the domain ends for a rank that leaves it");
    into.fill((byte) 42);
    old.get(1).receive(0, 0, 2, memory(10, 0)); // its credit is of the ended domain, as may be some of the data
    Waiting.until("a frame that is dropped", () -> nodes.of(0).counters().dropped() > 0);
    if (wiring != Wiring.ONE_NODE_IPC) { // one thread sends and receives there: nothing may be in between
      send.await();
    }
    Link peer = nodes.of(1).join(nodes.membership(DOMAIN + 1, 1, 2));
    exchange(peer, next, 0, 100_000);
    exchange(next, peer, 0, 100_000);
    assertTrue(into.get(ValueLayout.JAVA_BYTE, 0) == 42 && into.mismatch(memory(24 << 20, 42)) == -1);
    assertEquals(0, nodes.of(0).counters().rejected());
  }

  @Test
  void shouldRefuseARankThatHasJoined() {
    Wiring.Nodes nodes = start(Wiring.ONE_NODE_IPC);
    List<Link> links = nodes.join(DOMAIN, 2);
    String message = assertThrows(DataPlaneException.class,
        () -> nodes.of(0).join(nodes.membership(DOMAIN, 0, 2))).getMessage();
    assertTrue(message.contains("rank = 0") && message.contains("close that link"), message);
    links.get(0).close();
    nodes.of(0).join(nodes.membership(DOMAIN, 0, 2)).close();
  }

  @Test
  void shouldKeepDomainsApart() {
    Wiring.Nodes nodes = start(Wiring.UDP);
    List<Link> one = nodes.join(1, 2);
    List<Link> two = nodes.join(2, 2);
    MemorySegment intoOne = memory(64, 0);
    MemorySegment intoTwo = memory(64, 0);
    Transfer receiveOne = one.get(0).receive(0, 1, 0, intoOne);
    Transfer receiveTwo = two.get(0).receive(0, 1, 0, intoTwo);
    two.get(1).send(0, 0, 0, memory(64, 2)).await();
    receiveTwo.await();
    assertFalse(receiveOne.isDone());
    one.get(1).send(0, 0, 0, memory(64, 1)).await();
    receiveOne.await();
    assertEquals(-1, intoOne.mismatch(memory(64, 1)));
    assertEquals(-1, intoTwo.mismatch(memory(64, 2)));
  }

  @Test
  void shouldRefuseMemoryAndRanksItCannotUse() {
    Wiring.Nodes nodes = start(Wiring.ONE_NODE_IPC);
    Link link = nodes.join(DOMAIN, 2).getFirst();
    assertThrows(IllegalArgumentException.class, () -> link.send(0, 1, 0, MemorySegment.ofArray(new byte[8])));
    assertThrows(IllegalArgumentException.class, () -> link.receive(0, 1, 0, memory(8, 0).asReadOnly()));
    assertThrows(IllegalArgumentException.class, () -> link.send(0, 2, 0, memory(8, 0)));
    NodeAddress elsewhere = new NodeAddress(9, "abc", "127.0.0.1", 1);
    assertThrows(IllegalArgumentException.class, () -> nodes.of(0).join(new DomainMember(8, 0, List.of(elsewhere))));
  }

  @Test
  void shouldNotAllocatePerFragment() {
    // A driver of its own: inside our thread, Aeron's makes iterators at every call until its code is compiled.
    Wiring.Nodes nodes = Wiring.TWO_NODES_IPC.start(directory, OptionalLong.empty(),
        s -> s.withTermLengths(64 << 10, 64 << 10));
    opened.add(nodes);
    List<Link> links = nodes.join(DOMAIN, 2);
    MemorySegment block = memory(8 << 20, 5);
    MemorySegment into = memory(8 << 20, 0);
    // The first rounds load classes, fill queues and keep the compiler busy, for as long as the machine needs.
    Waiting.until("a round that allocates nothing to speak of", () -> {
      long allocated = allocatedByAgents();
      long frames = framesSent(nodes);
      for (int i = 0; i < 5; i++)
        exchange(links.get(0), links.get(1), 0, block, into);
      allocated = allocatedByAgents() - allocated;
      frames = framesSent(nodes) - frames;
      System.out.println(allocated + " bytes allocated for " + frames + " frames");
      assertTrue(frames > 5000, frames + " frames");
      return allocated < 8 * frames;
    });
  }

  private static long allocatedByAgents() {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    return Thread.getAllStackTraces().keySet().stream().filter(t -> t.getName().startsWith("halocline-data-plane"))
        .mapToLong(t -> threads.getThreadAllocatedBytes(t.threadId())).sum();
  }

  @Test
  void shouldDeliverWhatWasSentBeforeClosing() throws Exception {
    Wiring.Nodes nodes = start(Wiring.UDP);
    List<Link> links = nodes.join(DOMAIN, 2);
    int bytes = 300_000;
    MemorySegment into = memory(bytes, 0);
    Transfer receive = links.get(0).receive(0, 1, 1, into);
    links.get(1).send(0, 0, 1, memory(bytes, 5)).await();
    nodes.planes().get(1).close();
    receive.await();
    assertEquals(-1, into.mismatch(memory(bytes, 5)));
  }

  @Test
  void shouldFailWhatIsOpenWithANodeWhoseStreamEnds() throws Exception {
    Wiring.Nodes nodes = start(Wiring.UDP);
    List<Link> links = nodes.join(DOMAIN, 2);
    exchange(links.get(1), links.get(0), 0, 10);
    Transfer receive = links.get(0).receive(0, 1, 1, memory(10, 0));
    nodes.planes().get(1).close();
    assertTrue(assertThrows(TransferFailedException.class, receive::await).getMessage().contains("interrupted"));
    assertThrows(TransferFailedException.class, links.get(0).send(0, 1, 1, memory(10, 0))::await);
  }

  @Test
  void shouldKeepAnInterruptForTheCaller() throws Exception {
    List<Link> links = start(Wiring.ONE_NODE_IPC).join(DOMAIN, 2);
    Transfer receive = links.get(0).receive(0, 1, 0, memory(10, 0));
    boolean[] interrupted = new boolean[1];
    Thread waiter = Thread.ofVirtual().start(() -> {
      receive.await();
      interrupted[0] = Thread.currentThread().isInterrupted();
    });
    Waiting.until("the waiter", () -> waiter.getState() == Thread.State.WAITING);
    waiter.interrupt();
    links.get(1).send(0, 0, 0, memory(10, 0)).await();
    waiter.join();
    assertTrue(interrupted[0]);
  }
}
