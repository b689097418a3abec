package org.halocline.domain;

import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.halocline.cosmology.comm.Port.RevokedException;
import org.halocline.cosmology.cuda.device.DeviceException;
import org.halocline.domain.program.BadJobException;
import org.halocline.domain.program.RankCommand;
import org.halocline.domain.program.RankProgram;
import org.halocline.domain.program.RankReply;
import org.halocline.runtime.files.StorageException;
import org.halocline.runtime.log.JobMdc;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The virtual thread that runs one chain on one rank. It makes the program, runs commands one after another with the
 * lane held, and closes the program; nothing else ever touches the program or its memory. Other threads may
 * {@link #run} and {@link #close}.
 */
final class ChainThread {
  private static final Logger log = LoggerFactory.getLogger(ChainThread.class);

  /** How one command ended. */
  sealed interface Outcome {
    record Replied(RankReply reply) implements Outcome {}

    record Revoked(String why) implements Outcome {}

    record Broken(String message, boolean badInput) implements Outcome {}
  }

  /** Makes the program, on the chain's thread, with the lane held. */
  interface Opening {
    RankProgram open() throws Exception;
  }

  private sealed interface Order {
    record Run(RankCommand command, Consumer<Outcome> done) implements Order {}

    record Close() implements Order {}
  }

  private final String name;
  private final ChainLane lane;
  private final Opening opening;
  private final Runnable freed;
  private final BlockingQueue<Order> orders = new LinkedBlockingQueue<>();

  /**
   * Starts the thread.
   *
   * @param freed called last, from the thread, in every case: the chain's memory may go
   */
  ChainThread(String name, ChainLane lane, Opening opening, Runnable freed) {
    this.name = name;
    this.lane = lane;
    this.opening = opening;
    this.freed = freed;
    Thread.ofVirtual().name(name).start(JobMdc.carried(this::live));
  }

  /** Why the chain is to end, once it is. */
  Optional<String> cancelled() {
    return lane.cancelled();
  }

  /** What the chain runs now stops soon, and later commands are refused. */
  void cancel(String why) {
    lane.cancel(why);
  }

  /** Queues a command; {@code done} is called from the chain's thread, once, and must not block. */
  void run(RankCommand command, Consumer<Outcome> done) {
    orders.add(new Order.Run(command, done));
  }

  /** The thread ends after what is queued. */
  void close() {
    orders.add(new Order.Close());
  }

  private void live() {
    RankProgram program = null;
    try {
      while (orders.take() instanceof Order.Run(RankCommand command, Consumer<Outcome> done)) {
        Outcome outcome;
        lane.lane().acquire();
        try {
          lane.throwIfCancelled();
          if (program == null)
            program = opening.open();
          lane.throwIfCancelled();
          outcome = new Outcome.Replied(program.run(command));
        } catch (Throwable problem) {
          outcome = outcome(problem);
        } finally {
          lane.lane().release();
        }
        done.accept(outcome);
      }
    } catch (InterruptedException interrupted) {
      log.warn("{} was interrupted", name);
    } finally {
      free(program);
    }
  }

  private Outcome outcome(Throwable problem) {
    return switch (problem) {
      case RevokedException revoked -> new Outcome.Revoked(revoked.getMessage());
      case BadJobException bad -> new Outcome.Broken(bad.getMessage(), true);
      case OutOfMemoryError memory -> new Outcome.Broken("out of memory (" + memory.getMessage()
          + "): give the JVM more with HALOCLINE_JAVA_OPTS=-Xmx…, or let more lanes share the mesh", false);
      case DeviceException device -> new Outcome.Broken(device.getMessage(), false);
      case StorageException storage -> new Outcome.Broken(storage.getMessage(), false);
      default -> {
        log.info("{} failed", name, problem); // the stack is for the log; the message is told once, by the job
        yield new Outcome.Broken(problem.toString(), false);
      }
    };
  }

  private void free(RankProgram program) {
    try {
      if (program != null) {
        lane.lane().acquire();
        try {
          program.close();
        } finally {
          lane.lane().release();
        }
      }
    } catch (RuntimeException problem) {
      log.error("{} did not close cleanly", name, problem);
    } finally {
      freed.run();
    }
  }
}
