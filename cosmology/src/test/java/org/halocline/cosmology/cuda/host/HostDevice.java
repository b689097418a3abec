package org.halocline.cosmology.cuda.host;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import org.halocline.cosmology.cuda.device.Device;
import org.halocline.cosmology.cuda.device.DeviceDescription;
import org.halocline.cosmology.cuda.device.DeviceException;
import org.halocline.cosmology.cuda.device.DeviceQueue;
import org.halocline.cosmology.cuda.device.Waits;

/** A device that is a core. Thread-safe; each queue is its chain's. */
public final class HostDevice implements Device {
  private static final DeviceDescription DESCRIPTION = new DeviceDescription("host", 0,
      Runtime.getRuntime().maxMemory(),
      7, 0, "none", "JTransforms in double", "a core in a GPU's place");

  private final HostLibrary library;
  private final StreamOrder order;
  private final Set<StreamOrder.Event> forgotten;
  private final Set<String> launched = new ConcurrentSkipListSet<>();
  private volatile boolean closed;

  private HostDevice(HostLibrary library, StreamOrder order, Set<StreamOrder.Event> forgotten) {
    this.library = library;
    this.order = order;
    this.forgotten = Set.copyOf(forgotten);
  }

  /** Empty where the CUDA sources cannot be compiled; {@link #reason()} then says why. */
  public static Optional<HostDevice> find() {
    return find(StreamOrder.SHUFFLED, Set.of());
  }

  /**
   * As {@link #find()}.
   *
   * @param forgotten events that its queues leave out: such a device computes nonsense, if events are what makes it
   * right
   */
  public static Optional<HostDevice> find(StreamOrder order, Set<StreamOrder.Event> forgotten) {
    return HostLibrary.find().map(library -> new HostDevice(library, order, forgotten));
  }

  public static String reason() {
    return HostLibrary.reason();
  }

  /** Kernels launched so far, each with a letter for the type of each argument, as in {@code scale(fpi)}. */
  public Set<String> launched() {
    return launched;
  }

  @Override
  public DeviceDescription description() {
    return DESCRIPTION;
  }

  @Override
  public String arithmetic() {
    return "cuda/host";
  }

  @Override
  public boolean usable() {
    return !closed;
  }

  @Override
  public DeviceQueue open(Waits waits) {
    if (closed)
      throw new DeviceException("the host device is closed");
    return new HostQueue(library, launched, order, forgotten, waits);
  }

  @Override
  public void close() {
    closed = true;
  }
}
