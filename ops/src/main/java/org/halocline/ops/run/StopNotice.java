package org.halocline.ops.run;

import org.halocline.ops.watch.RunView;

/** Says at once that a signal was heard; the node's own shutdown then ends the job, which may take a moment. */
final class StopNotice implements AutoCloseable {

  private final Thread hook;

  private StopNotice(Thread hook) {
    this.hook = hook;
  }

  static StopNotice on(RunView view) {
    Thread hook = new Thread(() -> {
      synchronized (view) {
        view.stopping();
      }
    }, "stop-notice");
    Runtime.getRuntime().addShutdownHook(hook);
    return new StopNotice(hook);
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException _) {
      // the JVM is stopping: the notice is out
    }
  }
}
