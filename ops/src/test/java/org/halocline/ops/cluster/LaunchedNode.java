package org.halocline.ops.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.halocline.ops.Outcome;

/** A node in a process of its own, which tests stop, kill and cut off. It dies with the test. */
final class LaunchedNode implements AutoCloseable {
  private static final int READY_SECONDS = 120;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Outcome.Running running;
  private final Thread last;
  private boolean stopped;
  private boolean cutOff;

  private LaunchedNode(Outcome.Running running) {
    this.running = running;
    this.last = new Thread(running::close);
    Runtime.getRuntime().addShutdownHook(last);
  }

  /** Started; not ready yet. */
  static LaunchedNode launch(Path folder, Path state, int lanes, List<String> before, List<String> more)
      throws IOException {
    List<String> arguments = new ArrayList<>(
        List.of("node", "--json", "--lanes", Integer.toString(lanes), "--oversubscribe", "--memory",
            "700m", "--state", state.toString(), "--http-port", "0"));
    arguments.addAll(more);
    return new LaunchedNode(Outcome.started(Commands.process(folder, before, arguments), folder));
  }

  /** When it is a member of its cluster. */
  LaunchedNode ready() throws IOException, InterruptedException {
    running.prints("\"event\":\"ready\"", READY_SECONDS);
    return this;
  }

  private JsonNode readyLine() throws IOException {
    return JSON.readTree(Files.readString(running.out()).lines().filter(line -> line.contains("\"ready\""))
        .reduce((_, later) -> later).orElseThrow());
  }

  /** What the cluster calls it. */
  String name() throws IOException {
    return readyLine().path("node").asText();
  }

  String url() throws IOException {
    return readyLine().path("address").asText();
  }

  long pid() {
    return running.process().pid();
  }

  /** Whether it can answer for its cluster. */
  boolean answers() throws IOException {
    return isReady() && !stopped && !cutOff;
  }

  private boolean isReady() throws IOException {
    return running.process().isAlive() && Files.readString(running.out()).contains("\"ready\"");
  }

  /** Tells that this node is cut off from now on, so that its answers may be old; or that it no longer is. */
  void cutOff(boolean off) {
    cutOff = off;
  }

  /** As by kill -9. */
  void kill() throws InterruptedException {
    running.process().destroyForcibly();
    running.process().waitFor();
  }

  void pause() throws IOException, InterruptedException {
    signal("STOP");
    stopped = true;
  }

  void wake() throws IOException, InterruptedException {
    signal("CONT");
    stopped = false;
  }

  private void signal(String name) throws IOException, InterruptedException {
    int exit = new ProcessBuilder("kill", "-" + name, Long.toString(pid())).inheritIO().start().waitFor();
    if (exit != 0)
      throw new AssertionError("process " + pid() + " cannot be sent SIG" + name);
  }

  /** By SIGTERM, as a user ends it. */
  Outcome terminate(int seconds) throws IOException, InterruptedException {
    running.process().destroy();
    return running.ends(seconds);
  }

  /** Where it was to be run on a disk of its own: whether that could be mounted. */
  boolean mayMount() throws IOException, InterruptedException {
    while (running.process().isAlive() && !isReady())
      running.process().waitFor(50, TimeUnit.MILLISECONDS);
    return running.process().isAlive();
  }

  /** What it has printed for people to see that something is wrong. */
  String complaints() {
    try {
      return Files.readString(running.err());
    } catch (IOException e) {
      return e.toString();
    }
  }

  @Override
  public void close() {
    running.close();
    Runtime.getRuntime().removeShutdownHook(last);
  }
}
