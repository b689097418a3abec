package org.halocline.ops.cli;

/** What a signal makes this process do before it ends, until this is closed. */
public final class ShutdownHook implements AutoCloseable {
  private final Thread thread;

  public ShutdownHook(String name, Runnable work) {
    this.thread = Thread.ofPlatform().name(name).unstarted(work);
    Runtime.getRuntime().addShutdownHook(thread);
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(thread);
    } catch (IllegalStateException _) {
      // the JVM is stopping: the work is under way
    }
  }
}
