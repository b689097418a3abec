package org.halocline.ops.node;

import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.halocline.ops.cli.StandardOut;
import org.halocline.runtime.log.RunLog;
import org.halocline.runtime.node.HaloclineNode;

/**
 * How a node's process ends by a signal: the node hands its jobs over, leaves its cluster and closes its data plane;
 * then the process ends with exit code 0, for that is what was asked of it. Thread-safe.
 */
final class NodeEnd implements AutoCloseable {
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final Thread hook;
  private volatile Optional<HaloclineNode> node = Optional.empty();
  private volatile boolean kept = true;

  private NodeEnd(RunLog log) {
    this.hook = Thread.ofPlatform().name("node-end").unstarted(() -> end(log));
  }

  /** From now on. */
  static NodeEnd bySignal(RunLog log) {
    NodeEnd end = new NodeEnd(log);
    Runtime.getRuntime().addShutdownHook(end.hook);
    return end;
  }

  /** The node that is to be closed. */
  void closes(HaloclineNode running) {
    node = Optional.of(running);
  }

  /** Waits for ever once a signal has come: nothing is to be started any more. */
  void sleepUnlessStopping(long millis) throws InterruptedException {
    if (stopping.await(millis, TimeUnit.MILLISECONDS))
      Thread.sleep(Long.MAX_VALUE);
  }

  private void end(RunLog log) {
    stopping.countDown();
    if (!kept || node.isEmpty())
      return; // it ends by itself, and has its own exit code
    System.err.println("halocline: stopping; its jobs go on elsewhere, or with the next node");
    node.get().close();
    log.close();
    System.out.flush();
    System.err.flush();
    Runtime.getRuntime().halt(StandardOut.lost().orElse(0));
  }

  /** The process no longer keeps a node. */
  @Override
  public void close() {
    kept = false;
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException _) {
      // the JVM is stopping
    }
  }
}
