package org.halocline.transport.plane;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two processes on two hosts (network namespaces) whose cable is bad. Skipped, with the reason, where the system has no
 * such things.
 */
@Tag("slow")
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NetworkFaultsTest {
  @TempDir
  Path directory;
  private CabledHosts hosts;
  private final List<Peer> peers = new ArrayList<>();

  private static final class Peer {
    private final Process process;
    private final BufferedReader out;
    private final PrintStream in;

    Peer(Process process) {
      this.process = process;
      this.out = process.inputReader(StandardCharsets.UTF_8);
      this.in = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
    }

    /** The rest of the next line that begins so. */
    String await(String prefix) throws IOException {
      for (String line = out.readLine(); line != null; line = out.readLine())
        if (line.startsWith(prefix))
          return line.substring(prefix.length());
      throw new AssertionError("the process ended before it said " + prefix);
    }
  }

  @BeforeEach
  void connect() throws InterruptedException {
    switch (CabledHosts.make(2)) {
      case CabledHosts.Making.Made(CabledHosts pair) -> hosts = pair;
      case CabledHosts.Making.Impossible(String why) -> abort(why);
    }
  }

  @AfterEach
  void disconnect() throws Exception {
    for (Peer peer : peers) {
      peer.process.destroyForcibly();
      peer.process.waitFor();
    }
    if (hosts != null)
      hosts.close();
  }

  private void start(long seed, int bigBlock) throws IOException {
    System.out.println("seed " + seed);
    for (int rank = 0; rank < 2; rank++) {
      List<String> java = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
      ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
          .filter(flag -> flag.startsWith("--add-opens") || flag.startsWith("--sun") || flag.startsWith("--enable"))
          .forEach(java::add);
      Path own = Files.createDirectories(directory.resolve("host-" + rank));
      java.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path"),
          ExchangePeer.class.getName(), Integer.toString(rank), hosts.address(rank), own.toString(),
          Long.toString(seed), "4", "8", Integer.toString(bigBlock)));
      peers.add(new Peer(new ProcessBuilder(hosts.command(rank, java)).redirectError(own.resolve("log").toFile())
          .start()));
    }
    List<String> addresses = new ArrayList<>();
    for (Peer peer : peers)
      addresses.add(peer.await(ExchangePeer.READY));
    for (Peer peer : peers)
      peer.in.println(String.join(" ", addresses));
    for (Peer peer : peers)
      peer.await(ExchangePeer.READY);
  }

  private void go() {
    for (Peer peer : peers)
      peer.in.println("go");
  }

  private void assertEqualBytes(String network) throws Exception {
    for (int rank = 0; rank < 2; rank++) {
      String done = peers.get(rank).await(ExchangePeer.DONE);
      System.out.println(network + ": " + done + "; " + hosts.dropped(rank).replace('\n', ' '));
      assertTrue(done.endsWith(" 0 rejected, 0 dropped"), done);
    }
    for (Peer peer : peers)
      peer.in.println("enough");
    for (Peer peer : peers)
      assertTrue(peer.process.waitFor() == 0);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.01, 0.05})
  void shouldDeliverEveryByteWhenPacketsAreLost(double loss) throws Exception {
    start(51, 4 << 20);
    Optional<String> noEmulator = hosts.emulate("loss " + loss * 100 + "%");
    if (noEmulator.isPresent()) {
      Optional<String> noFilter = hosts.drop(loss);
      if (noFilter.isPresent())
        abort("packets cannot be lost here: " + noEmulator.get() + "; " + noFilter.get());
    }
    go();
    assertEqualBytes("loss " + loss);
  }

  @ParameterizedTest
  @ValueSource(strings = {"delay 5ms 2ms", "delay 4ms reorder 25% 50%", "loss 2% duplicate 2% delay 2ms 2ms"})
  void shouldDeliverEveryByteWhenPacketsComeLateAndOutOfOrder(String emulation) throws Exception {
    start(52, 4 << 20);
    hosts.emulate(emulation).ifPresent(why -> abort("this kernel emulates no network: " + why));
    go();
    assertEqualBytes(emulation);
  }

  @Test
  void shouldGoOnWhenTheCableWasOutForAWhile() throws Exception {
    start(53, 24 << 20);
    go();
    hosts.plug(0, false);
    long until = System.nanoTime() + 2_000_000_000L;
    while (System.nanoTime() < until)
      LockSupport.parkNanos(10_000_000);
    hosts.plug(0, true);
    assertEqualBytes("cable out for 2 s");
  }
}
