package org.halocline.cosmology.cuda.gpu;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * The one thread that talks to a GPU: runs commands in the order in which they came, and asks its watches, such as for
 * an event that a stream has to pass, until they say yes. Commands and watches deal with their own failures. With
 * nothing to do it sleeps until a command comes; with watches alone it spins, then yields, then sleeps {@value #NAP_NS}
 * ns at a time.
 */
final class CommandThread {
  private static final int SPINS = 500;
  private static final int YIELDS = 50;
  private static final long NAP_NS = 20_000;
  /** Commands between two rounds of watches, so that a long queue of one chain does not keep another waiting. */
  private static final int BURST = 16;

  private final Queue<Runnable> commands = new ConcurrentLinkedQueue<>();
  private final List<BooleanSupplier> watches = new ArrayList<>();
  private final Thread thread;
  private volatile boolean asleep;
  private volatile boolean closing;
  private volatile boolean ended;

  CommandThread(String name) {
    thread = Thread.ofPlatform().name(name).daemon().unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** Any thread. A command that comes after the end runs at once on the caller's. */
  void enqueue(Runnable command) {
    commands.add(command);
    if (asleep)
      LockSupport.unpark(thread);
    if (ended)
      runSome(Integer.MAX_VALUE);
  }

  /** Asks until the answer is yes. Only commands and watches call it. */
  void watch(BooleanSupplier question) {
    if (!question.getAsBoolean())
      watches.add(question);
  }

  /** Ends when all commands are done and all watches answered. Waits for that. */
  void close() {
    closing = true;
    LockSupport.unpark(thread);
    boolean interrupted = false;
    while (thread.isAlive())
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    if (interrupted)
      Thread.currentThread().interrupt();
  }

  private void run() {
    int idle = 0;
    while (true) {
      int ran = runSome(BURST);
      int before = watches.size();
      watches.removeIf(BooleanSupplier::getAsBoolean);
      if (ran > 0 || watches.size() != before)
        idle = 0;
      else if (watches.isEmpty() && closing && commands.isEmpty())
        break;
      else
        idle(++idle);
    }
    ended = true;
    runSome(Integer.MAX_VALUE);
  }

  private synchronized int runSome(int most) {
    int ran = 0;
    for (Runnable command = commands.poll(); command != null; command = commands.poll()) {
      command.run();
      if (++ran == most)
        break;
    }
    return ran;
  }

  private void idle(int rounds) {
    if (rounds <= SPINS)
      Thread.onSpinWait();
    else if (rounds <= SPINS + YIELDS)
      Thread.yield();
    else if (!watches.isEmpty())
      LockSupport.parkNanos(this, NAP_NS);
    else
      sleep();
  }

  private void sleep() {
    asleep = true;
    if (commands.isEmpty() && !closing)
      LockSupport.park(this);
    asleep = false;
  }
}
