package org.halocline.runtime.store;

import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.halocline.runtime.files.SupersededException;

/** Work on the disk, one piece after another in the order it was given, on a thread of its own. Thread-safe. */
public final class DiskQueue implements AutoCloseable {
  private final ExecutorService thread = Executors.newSingleThreadExecutor(Thread.ofVirtual().name("state").factory());

  public <T> CompletionStage<T> run(Callable<T> work) {
    return CompletableFuture.supplyAsync(() -> {
      try {
        return work.call();
      } catch (Exception e) {
        throw new CompletionException(e);
      }
    }, thread);
  }

  /** Whether work failed because the directory has a later owner. */
  public static Optional<SupersededException> superseded(Throwable problem) {
    for (Throwable t = problem; t != null; t = t.getCause())
      if (t instanceof SupersededException superseded)
        return Optional.of(superseded);
    return Optional.empty();
  }

  /** What is queued is still done. */
  @Override
  public void close() {
    thread.shutdown();
  }
}
