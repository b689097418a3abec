package org.halocline.cosmology.cuda.host;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.function.BooleanSupplier;

/**
 * A stream of kernels and a stream of copies aside. Each runs in order and as late as may be: nothing runs before a
 * caller waits. Only events order the two. Not thread-safe.
 */
final class HostStreams {
  private final BooleanSupplier kernelsNext;
  private final Queue<Work> kernels = new ArrayDeque<>();
  private final Queue<Work> copies = new ArrayDeque<>();
  /** The youngest of the kernels, run or not. */
  private Work last = new Work(() -> {}, List.of());

  HostStreams(StreamOrder order) {
    kernelsNext = order.kernelsNext();
    last.done = true;
  }

  /** What runs once, behind what is before it in its stream, and behind work of the other. */
  static final class Work {
    private final Runnable action;
    private final List<Work> after;
    private boolean done;

    private Work(Runnable action, List<Work> after) {
      this.action = action;
      this.after = after;
    }

    boolean isDone() {
      return done;
    }

    private boolean mayRun() {
      return after.stream().allMatch(Work::isDone);
    }

    private void run() {
      action.run();
      done = true;
    }
  }

  void kernel(Runnable action, List<Work> after) {
    last = new Work(action, after);
    kernels.add(last);
  }

  Work copy(Runnable action, List<Work> after) {
    Work work = new Work(action, after);
    copies.add(work);
    return work;
  }

  /** All kernels so far are done when this is. */
  Work last() {
    return last;
  }

  void finish() {
    while (!kernels.isEmpty() || !copies.isEmpty())
      step();
  }

  /** Runs operations until this one is done. */
  void finish(Work work) {
    while (!work.done)
      step();
  }

  private void step() {
    boolean kernel = !kernels.isEmpty() && kernels.peek().mayRun();
    boolean copy = !copies.isEmpty() && copies.peek().mayRun();
    if (!kernel && !copy)
      throw new IllegalStateException("two streams that wait for each other");
    if (kernel && (!copy || kernelsNext.getAsBoolean()))
      kernels.remove().run();
    else
      copies.remove().run();
  }
}
