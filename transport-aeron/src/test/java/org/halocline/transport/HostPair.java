package org.halocline.transport;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Two network namespaces of this kernel, joined by a cable (veth), as two hosts are: {@code ip netns exec NAME} runs a process on one.
 * Needs root, and a kernel that has them.
 */
final class HostPair implements AutoCloseable {
  static final List<String> ADDRESSES = List.of("10.231.77.1", "10.231.77.2");
  private final List<String> names;

  private HostPair(List<String> names) {
    this.names = names;
  }

  /** The pair, or why there can be none here. */
  sealed interface Making {
    record Made(HostPair pair) implements Making {}

    record Impossible(String why) implements Making {}
  }

  static Making make() throws InterruptedException {
    String id = "hl" + ProcessHandle.current().pid();
    HostPair pair = new HostPair(List.of(id + "a", id + "b"));
    try {
      for (String name : pair.names) { run("ip", "netns", "add", name); }
      run("ip", "link", "add", "cable", "netns", pair.names.get(0), "type", "veth", "peer", "name", "cable", "netns",
          pair.names.get(1));
      for (int host = 0; host < 2; host++) {
        pair.on(host, "ip", "addr", "add", ADDRESSES.get(host) + "/30", "dev", "cable");
        pair.on(host, "ip", "link", "set", "cable", "up");
        pair.on(host, "ip", "link", "set", "lo", "up");
      }
      return new Making.Made(pair);
    } catch (IOException e) {
      pair.close();
      return new Making.Impossible("no network namespaces here: " + e.getMessage());
    }
  }

  /** A command that runs on a host. */
  List<String> command(int host, List<String> command) {
    List<String> words = new ArrayList<>(List.of("ip", "netns", "exec", names.get(host)));
    words.addAll(command);
    return words;
  }

  /** The kernel's network emulator on both ends: "loss 5%". Says why where the kernel has none. */
  Optional<String> emulate(String what) throws InterruptedException {
    try {
      for (int host = 0; host < 2; host++) {
        List<String> words = new ArrayList<>(List.of("tc", "qdisc", "add", "dev", "cable", "root", "netem"));
        words.addAll(List.of(what.split(" ")));
        on(host, words.toArray(String[]::new));
      }
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(e.getMessage());
    }
  }

  /** Where there is no emulator: the packet filter drops what arrives at random. Says why where there is none either. */
  Optional<String> drop(double share) throws InterruptedException {
    try {
      for (int host = 0; host < 2; host++) {
        on(host, "nft", "add table inet faults");
        on(host, "nft", "add chain inet faults arrives { type filter hook input priority 0 ; }");
        on(host, "nft", String.format(Locale.ROOT,
            "add rule inet faults arrives meta l4proto udp numgen random mod 1000 < %d counter drop",
            Math.round(share * 1000)));
      }
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(e.getMessage());
    }
  }

  /** What was dropped, in the words of who dropped it. */
  String dropped(int host) throws IOException, InterruptedException {
    try {
      return on(host, "nft", "list ruleset").lines().filter(line -> line.contains("counter")).map(String::strip)
          .findFirst().orElseGet(() -> "");
    } catch (IOException e) {
      return on(host, "tc", "-s", "qdisc", "show", "dev", "cable");
    }
  }

  void plug(boolean in) throws IOException, InterruptedException {
    on(0, "ip", "link", "set", "cable", in ? "up" : "down");
  }

  private String on(int host, String... command) throws IOException, InterruptedException {
    return run(command(host, List.of(command)).toArray(String[]::new));
  }

  private static String run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(20, TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new IOException(String.join(" ", command) + ": " + output.strip());
    }
    return output;
  }

  @Override
  public void close() throws InterruptedException {
    for (String name : names) {
      try {
        run("ip", "netns", "delete", name);
      } catch (IOException e) {
        // it was not made
      }
    }
  }
}
