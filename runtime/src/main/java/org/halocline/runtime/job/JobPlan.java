package org.halocline.runtime.job;

import com.typesafe.config.Config;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.actor.typed.Behavior;
import org.halocline.runtime.layout.Layout;
import org.halocline.runtime.layout.LayoutDemand;
import org.halocline.runtime.layout.Sharing;
import org.halocline.transport.DataPlaneSettings;

/** A job that passed its checks and is ready to start. Immutable and thread-safe. */
public interface JobPlan extends LayoutDemand {

  /** Every setting, {@code kind} included, defaults filled in, paths absolute. Checked again it gives an equal plan. */
  Config resolved();

  List<Path> inputs();

  /** What is legal but worth saying, and what had to be found out about the files. */
  default List<String> notes() {
    return List.of();
  }

  /** What the job will write in all, bytes, roughly: the run is refused where there is less space. */
  default long outputBytes() {
    return 0;
  }

  /** What the job will do in a layout that {@link #cost} does not refuse; empty where the kind cannot say. */
  default Optional<Forecast> forecast(Layout layout, Sharing sharing) {
    return Optional.empty();
  }

  /** Top-level keys that no number depends on; they may differ when a run is resumed. */
  default Set<String> freeKeys() {
    return Set.of("layout", "transport", "checkpoint");
  }

  /**
   * Whole numbers, by their full keys, that may be larger when a run is resumed, even one that had finished: it then
   * does more.
   */
  default Set<String> growingKeys() {
    return Set.of();
  }

  /** The data plane the job wants, where it runs on a node of its own. */
  default DataPlaneSettings dataPlane(DataPlaneSettings base) {
    return base;
  }

  /**
   * The job's actor. It tells {@link JobContext#events} how it goes on; exactly one of the last is
   * {@link JobEvent#isLast}, after which it stops. When it dies otherwise the job has failed. On
   * {@link JobCommand.Cancel} it comes to an end soon (with a checkpoint, where it has those), tells
   * {@link JobEvent.Cancelled} and stops. It and this method run where actors may wait for the disk; what it spawns
   * does so only if it says so.
   */
  Behavior<JobCommand> start(JobContext context);
}
