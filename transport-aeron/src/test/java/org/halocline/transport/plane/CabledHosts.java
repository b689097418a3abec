package org.halocline.transport.plane;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * Hosts that are network namespaces of this kernel, each with a cable (veth) to one switch (a bridge in a namespace of
 * its own):
 *
 * <pre>
 * host 0: cable ── port0 ┐
 * host 1: cable ── port1 ┼ switch ── uplink ── hlPID: this process's own host, where that is asked for
 * host 2: cable ── port2 ┘
 * </pre>
 *
 * {@code ip netns exec NAME} runs a process on one. Needs root, and a kernel that has them. Named and numbered by this
 * process, whose end takes them away at the latest; addresses are of 198.18.0.0/15, which is kept for such tests. One
 * thread.
 */
public final class CabledHosts implements AutoCloseable {
  private static final int MOST = 8;
  private static final int BLOCK = 16;
  private static final int BLOCKS = 8192;
  private static final int OURS = BLOCK - 2;

  private final long pid = ProcessHandle.current().pid();
  private final String lan = "hl" + pid + "switch";
  private final List<String> names;
  private final Thread last = new Thread(this::remove);

  private CabledHosts(int count) {
    this.names = IntStream.range(0, count).mapToObj(host -> "hl" + pid + "host" + host).toList();
    Runtime.getRuntime().addShutdownHook(last);
  }

  /** The hosts, or why there can be none here. */
  public sealed interface Making {
    record Made(CabledHosts hosts) implements Making {}

    record Impossible(String why) implements Making {}
  }

  /** So many hosts, at most 8, which reach only each other. */
  public static Making make(int count) throws InterruptedException {
    if (count > MOST)
      throw new IllegalArgumentException(count + " hosts, and there are addresses for " + MOST);
    CabledHosts hosts = new CabledHosts(count);
    try {
      run("ip", "netns", "add", hosts.lan);
      hosts.onSwitch("ip", "link", "add", "switch", "type", "bridge");
      hosts.onSwitch("ip", "link", "set", "switch", "up");
      for (int host = 0; host < count; host++) {
        String name = hosts.names.get(host);
        run("ip", "netns", "add", name);
        run("ip", "link", "add", "cable", "netns", name, "type", "veth", "peer", "name", port(host), "netns",
            hosts.lan);
        hosts.onSwitch("ip", "link", "set", port(host), "master", "switch", "up");
        hosts.on(host, "ip", "addr", "add", hosts.address(host) + "/28", "dev", "cable");
        hosts.on(host, "ip", "link", "set", "cable", "up");
        hosts.on(host, "ip", "link", "set", "lo", "up");
      }
      return new Making.Made(hosts);
    } catch (IOException e) {
      hosts.close();
      return new Making.Impossible("no network namespaces here: " + e.getMessage());
    }
  }

  /** Gives this process's own host a cable to the switch, so that it reaches the others and they it. */
  public void joinOurHost() throws IOException, InterruptedException {
    run("ip", "link", "add", "hl" + pid, "type", "veth", "peer", "name", "uplink", "netns", lan);
    run("ip", "addr", "add", numbered(OURS) + "/28", "dev", "hl" + pid);
    run("ip", "link", "set", "hl" + pid, "up");
    onSwitch("ip", "link", "set", "uplink", "master", "switch", "up");
  }

  public String address(int host) {
    return numbered(1 + host);
  }

  private String numbered(int inBlock) {
    int number = (int) (pid % BLOCKS) * BLOCK + inBlock;
    return "198." + (18 + (number >> 16)) + "." + (number >> 8 & 0xff) + "." + (number & 0xff);
  }

  private static String port(int host) {
    return "port" + host;
  }

  /** A command that runs on a host. */
  public List<String> command(int host, List<String> command) {
    List<String> words = new ArrayList<>(List.of("ip", "netns", "exec", names.get(host)));
    words.addAll(command);
    return words;
  }

  /** The kernel's network emulator at the end of every cable: "loss 5%". Says why where the kernel has none. */
  Optional<String> emulate(String what) throws InterruptedException {
    try {
      for (int host = 0; host < names.size(); host++) {
        List<String> words = new ArrayList<>(List.of("tc", "qdisc", "add", "dev", "cable", "root", "netem"));
        words.addAll(List.of(what.split(" ")));
        on(host, words.toArray(String[]::new));
      }
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(e.getMessage());
    }
  }

  /**
   * Where there is no emulator: the packet filter drops what arrives at random. Says why where there is none either.
   */
  Optional<String> drop(double share) throws InterruptedException {
    try {
      for (int host = 0; host < names.size(); host++) {
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

  void plug(int host, boolean in) throws IOException, InterruptedException {
    on(host, "ip", "link", "set", "cable", in ? "up" : "down");
  }

  /**
   * A partition: the switch silently loses every frame between these hosts and the others; our own host still reaches
   * all. The answer says why where the kernel's packet filter cannot do it.
   */
  public Optional<String> cut(Set<Integer> side) throws InterruptedException {
    try {
      onSwitch("nft", "add table bridge partition");
      onSwitch("nft", "add chain bridge partition passes { type filter hook forward priority 0 ; }");
      for (int from = 0; from < names.size(); from++)
        for (int to = 0; to < names.size(); to++)
          if (side.contains(from) != side.contains(to))
            onSwitch("nft", "add rule bridge partition passes iifname " + port(from) + " oifname " + port(to)
                + " counter drop");
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(e.getMessage());
    }
  }

  /** The partition heals. */
  public void heal() throws IOException, InterruptedException {
    onSwitch("nft", "delete table bridge partition");
  }

  private String on(int host, String... command) throws IOException, InterruptedException {
    return run(command(host, List.of(command)).toArray(String[]::new));
  }

  private void onSwitch(String... command) throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(List.of("ip", "netns", "exec", lan));
    words.addAll(List.of(command));
    run(words.toArray(String[]::new));
  }

  private static String run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(20, TimeUnit.SECONDS) || process.exitValue() != 0)
      throw new IOException(String.join(" ", command) + ": " + output.strip());
    return output;
  }

  /** Cables go with their namespaces, and these with the last process in them. */
  private void remove() {
    List<String> all = new ArrayList<>(names);
    all.add(lan);
    for (String name : all)
      try {
        run("ip", "netns", "delete", name);
      } catch (IOException e) {
        // it was not made
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
  }

  @Override
  public void close() {
    remove();
    Runtime.getRuntime().removeShutdownHook(last);
  }
}
