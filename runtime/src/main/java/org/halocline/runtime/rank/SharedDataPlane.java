package org.halocline.runtime.rank;

import java.util.Optional;
import org.halocline.transport.DataPlaneException;
import org.halocline.transport.DataPlaneSettings;
import org.halocline.transport.plane.DataPlane;

/**
 * A node's one data plane, started when a rank first needs it: domains of one rank never do. Thread-safe. Its maker
 * closes it; {@link #open} then refuses.
 */
public final class SharedDataPlane implements AutoCloseable {
  private final DataPlaneSettings settings;
  private volatile Optional<DataPlane> plane = Optional.empty();
  private boolean closed;

  public SharedDataPlane(DataPlaneSettings settings) {
    this.settings = settings;
  }

  /**
   * The running data plane. Blocks while it starts, a fraction of a second.
   *
   * @throws DataPlaneException when it cannot start, with what to do about it
   * @throws IllegalStateException after {@link #close}
   */
  public synchronized DataPlane open() {
    if (closed)
      throw new IllegalStateException("the node's data plane is closed");
    if (plane.isPresent() && plane.get().failure().isPresent()) {
      plane.get().close();
      plane = Optional.empty();
    }
    if (plane.isEmpty())
      plane = Optional.of(DataPlane.start(settings));
    return plane.get();
  }

  /** Without starting it, nor waiting while it starts. */
  public Optional<DataPlane> running() {
    return plane;
  }

  @Override
  public synchronized void close() {
    closed = true;
    plane.ifPresent(DataPlane::close);
    plane = Optional.empty();
  }
}
