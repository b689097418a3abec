package org.halocline.ops.node;

import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.halocline.ops.cli.ShutdownHook;
import org.halocline.ops.cli.StandardOut;
import org.halocline.runtime.log.RunLog;
import org.halocline.runtime.node.HaloclineNode;

/**
 * How a node's process ends by a signal: the node hands its jobs over, leaves its cluster and closes its data plane;
 * then the process ends with exit code 0, since the user asked for the end. Thread-safe.
 */
final class NodeEnd implements AutoCloseable {
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final ShutdownHook hook;
  private volatile Optional<HaloclineNode> node = Optional.empty();
  private volatile boolean kept = true;

  NodeEnd(RunLog log) {
    this.hook = new ShutdownHook("node-end", () -> end(log));
  }

  void closes(HaloclineNode running) {
    node = Optional.of(running);
  }

  /** Waits for ever once a signal has come, since nothing may start any more. */
  void sleepUnlessStopping(long millis) throws InterruptedException {
    if (stopping.await(millis, TimeUnit.MILLISECONDS))
      Thread.sleep(Long.MAX_VALUE);
  }

  private void end(RunLog log) {
    stopping.countDown();
    if (!kept || node.isEmpty())
      return; // the process ends by itself, and has its own exit code
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
    hook.close();
  }
}
