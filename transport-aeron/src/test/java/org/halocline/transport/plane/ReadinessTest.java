package org.halocline.transport.plane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.halocline.transport.DataPlaneException.Problem;
import org.halocline.transport.DataPlaneSettings;
import org.halocline.transport.DomainMember;
import org.halocline.transport.Link;
import org.halocline.transport.Transfer;
import org.halocline.transport.driver.KernelLimits;
import org.halocline.transport.driver.Readiness;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is asked of the machine before a data plane starts. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReadinessTest {
  @TempDir
  Path directory;

  /** A kernel that grants so much, on a network of this MTU. */
  private record Stingy(int sending, int receiving, OptionalInt network) implements KernelLimits {
    @Override
    public int granted(boolean forSending, int asked) {
      return Math.min(asked, forSending ? sending : receiving);
    }

    @Override
    public String sysctl(String name) {
      return Integer.toString(name.equals("net.core.wmem_max") ? sending : receiving);
    }

    @Override
    public OptionalInt networkMtu(InetAddress address) {
      return network;
    }
  }

  private static Readiness ask(DataPlaneSettings settings, int sending, int receiving, OptionalInt network) {
    return Readiness.of(settings, new Stingy(sending, receiving, network));
  }

  private static List<String> keys(List<Problem> problems) {
    return problems.stream().map(Problem::key).toList();
  }

  @Test
  void shouldTakeWhatItAsksForWhereTheKernelGrantsIt() {
    Readiness all = ask(DataPlaneSettings.defaults(), 1 << 30, 1 << 30, OptionalInt.of(1500));
    assertEquals(List.of(), all.problems());
    assertEquals(List.of(), all.warnings());
    assertEquals(List.of(2 << 20, 2 << 20, 2 << 20), List.of(all.sendBuffer(), all.receiveBuffer(),
        all.receiverWindow()));
    assertTrue(all.port() > 0);
  }

  @Test
  void shouldTakeLessAndNameTheSysctl() {
    Readiness less = ask(DataPlaneSettings.defaults(), 212_992, 425_984, OptionalInt.empty());
    assertEquals(List.of(), less.problems());
    assertEquals(List.of(212_992, 425_984, 425_984),
        List.of(less.sendBuffer(), less.receiveBuffer(), less.receiverWindow()));
    assertEquals(List.of("transport.receiver-window", "transport.socket-buffer"), keys(less.warnings()));
    String window = less.warnings().get(0).toString();
    assertTrue(window.contains("sysctl -w net.core.rmem_max=2097152 (it is 425984)"), window);
    String buffer = less.warnings().get(1).toString();
    assertTrue(buffer.contains("net.core.wmem_max=2097152 (it is 212992)"), buffer);
  }

  @Test
  void shouldRefuseDatagramsThatNoSocketTakes() {
    Readiness none = ask(DataPlaneSettings.defaults(), 4096, 1 << 20, OptionalInt.empty());
    assertEquals(List.of("transport.mtu"), keys(none.problems()));
    assertTrue(none.problems().getFirst().toString().contains("4096"), none.problems()::toString);
  }

  @Test
  void shouldAdviseAgainstLargeDatagramsBetweenHosts() {
    DataPlaneSettings large = DataPlaneSettings.defaults().withUdp(65_504, 2 << 20, 2 << 20);
    assertEquals(List.of(), ask(large, 1 << 30, 1 << 30, OptionalInt.empty()).warnings(), "loopback");
    Readiness ethernet = ask(large, 1 << 30, 1 << 30, OptionalInt.of(1500));
    assertEquals(List.of("transport.mtu"), keys(ethernet.warnings()));
    assertTrue(ethernet.warnings().getFirst().toString().contains("8192"), ethernet.warnings()::toString);
  }

  @Test
  void shouldAskThisMachine() throws Exception {
    Readiness here = Readiness.of(DataPlaneSettings.defaults().withUdp(8192, 1 << 30, 1 << 30),
        KernelLimits.ofThisMachine());
    assertEquals(List.of(), here.problems());
    long most = Long.parseLong(KernelLimits.ofThisMachine().sysctl("net.core.rmem_max"));
    assertEquals(most < 1 << 30, keys(here.warnings()).contains("transport.receiver-window"),
        here.warnings()::toString);
    assertTrue(here.receiveBuffer() <= most && here.receiverWindow() <= here.receiveBuffer(), here::toString);
  }

  @Test
  void shouldFindEveryProblemBeforeAnythingStarts() throws Exception {
    DataPlaneSettings settings = Wiring.settings(0, directory);
    assertEquals(List.of(), DataPlane.problems(settings));
    try (DatagramSocket taken = new DatagramSocket(new InetSocketAddress("127.0.0.1", 0))) {
      DataPlaneSettings bad = settings.withEndpoint("127.0.0.1", taken.getLocalPort()).withStorage(_ -> 1 << 20);
      assertEquals(List.of("transport.port", "transport.directory"), keys(DataPlane.problems(bad)));
    }
    assertEquals(List.of("transport.mtu", "transport.bind-host"),
        keys(DataPlane.problems(settings.withUdp(8200, 2 << 20, 2 << 20).withBindHost("no host"))));
    assertEquals(List.of("transport.bind-host"),
        keys(DataPlane.problems(settings.withBindHost("nowhere.invalid"))));
  }

  @Test
  void shouldListenElsewhereThanWhereItIsReached() throws Exception {
    DataPlaneSettings first = Wiring.settings(0, directory).withEndpoint("127.0.0.1", 0).withBindHost("0.0.0.0");
    try (DataPlane here = DataPlane.start(first);
        DataPlane there = DataPlane.start(Wiring.settings(1, directory));
        Arena arena = Arena.ofShared()) {
      Link one = here.join(new DomainMember(3, 0, List.of(here.address(), there.address())));
      Link two = there.join(new DomainMember(3, 1, List.of(here.address(), there.address())));
      Transfer receive = one.receive(0, 1, 0, arena.allocate(8));
      two.send(0, 0, 0, arena.allocate(8)).await();
      receive.await();
      assertEquals("127.0.0.1", here.address().host());
    }
  }
}
