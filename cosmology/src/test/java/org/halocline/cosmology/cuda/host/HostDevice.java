package org.halocline.cosmology.cuda.host;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import org.halocline.cosmology.cuda.device.Device;
import org.halocline.cosmology.cuda.device.DeviceDescription;
import org.halocline.cosmology.cuda.device.DeviceException;
import org.halocline.cosmology.cuda.device.DeviceQueue;

/** A device that is a core. Thread-safe; each queue is its chain's. */
public final class HostDevice implements Device {
  private static final DeviceDescription DESCRIPTION = new DeviceDescription("host", 0,
      Runtime.getRuntime().maxMemory(),
      7, 0, "none", "JTransforms in double", "a core in a GPU's place");

  private final HostLibrary library;
  private final Set<String> launched = new ConcurrentSkipListSet<>();
  private volatile boolean closed;

  private HostDevice(HostLibrary library) {
    this.library = library;
  }

  /** Empty where the CUDA sources cannot be compiled; {@link #reason()} then says why. */
  public static Optional<HostDevice> find() {
    return HostLibrary.find().map(HostDevice::new);
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
  public DeviceQueue open() {
    if (closed)
      throw new DeviceException("the host device is closed");
    return new HostQueue(library, launched);
  }

  @Override
  public void close() {
    closed = true;
  }
}
