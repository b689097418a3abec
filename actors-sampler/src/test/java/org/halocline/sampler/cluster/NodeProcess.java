package org.halocline.sampler.cluster;

import com.typesafe.config.ConfigFactory;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.halocline.domain.CoreLanes;
import org.halocline.domain.DomainRankHost;
import org.halocline.runtime.job.JobKinds;
import org.halocline.runtime.node.ClusterSettings;
import org.halocline.runtime.node.HaloclineNode;
import org.halocline.runtime.node.NodeParts;
import org.halocline.runtime.node.NodeSettings;
import org.halocline.sampler.job.InferKind;
import org.halocline.sampler.job.InferPrograms;
import org.halocline.transport.DataPlaneSettings;

/** A node of one lane in a process of its own, for tests that kill it. Ends with this JVM, however that ends. */
final class NodeProcess implements AutoCloseable {
  static final String CLUSTER = "tea";
  private static final String READY = "ready ";

  private final Process process;
  private final BufferedReader output;
  private final String address;

  private NodeProcess(Process process, BufferedReader output, String address) {
    this.process = process;
    this.output = output;
    this.address = address;
  }

  /** Started with the default settings of a cluster; returns when it is a member. */
  static NodeProcess start(Path state, List<String> seeds, Path log) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(flag -> flag.startsWith("--add") || flag.startsWith("--sun") || flag.startsWith("--enable"))
        .forEach(command::add);
    command.addAll(List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"),
        NodeProcess.class.getName(), state.toString(), String.join(",", seeds)));
    Process process = new ProcessBuilder(command).redirectError(log.toFile()).start();
    BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
    for (String line = output.readLine(); line != null; line = output.readLine())
      if (line.startsWith(READY)) {
        NodeProcess node = new NodeProcess(process, output, line.substring(READY.length()));
        Thread.ofVirtual().start(node::drain);
        return node;
      }
    process.destroyForcibly();
    throw new AssertionError("the node did not start; see " + java.nio.file.Files.readString(log));
  }

  private void drain() {
    try {
      while (output.readLine() != null) {
        // what it prints later is for nobody
      }
    } catch (IOException closed) {
      // it was killed
    }
  }

  String address() {
    return address;
  }

  void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
  }

  /** As by kill -9. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  boolean endsWithin(int seconds) throws InterruptedException {
    return process.waitFor(seconds, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  static NodeParts parts(boolean lanes) {
    return new NodeParts(new JobKinds(List.of(new InferKind())), lanes ? List.of(new CoreLanes()) : List.of(),
        new DomainRankHost(List.of(new InferPrograms())));
  }

  static NodeSettings settings(Path state, List<String> seeds) {
    return NodeSettings.defaults().withLanes(1, 1L << 30)
        .withDataPlane(DataPlaneSettings.defaults().withTermLengths(1 << 20, 1 << 20))
        .withCluster(ClusterSettings.of(CLUSTER, state)).withSeeds(seeds).withOverrides(ConfigFactory.empty());
  }

  /** The node's own process: it ends when whoever started it has closed its input, or when its cluster gives it up. */
  public static void main(String[] arguments) throws Exception {
    List<String> seeds = arguments.length < 2 || arguments[1].isEmpty() ? List.of() : List.of(arguments[1].split(","));
    HaloclineNode node = HaloclineNode.start(settings(Path.of(arguments[0]), seeds), parts(true));
    System.out.println(READY + node.address());
    Thread.ofPlatform().daemon().start(() -> {
      try {
        while (System.in.read() >= 0) {
          // waits for the end
        }
      } catch (IOException e) {
        System.err.println(e);
      }
      Runtime.getRuntime().halt(3);
    });
    node.ended().toCompletableFuture().get();
    System.exit(0);
  }
}
