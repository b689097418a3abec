package org.halocline.cosmology.cuda.driver;

/** CUDA's driver of this process. Any thread may call it. Every call may throw {@link DriverException}. */
public interface Driver {

  /** The newest CUDA version that this driver knows, as it writes it: 12040 for 12.4. */
  int version();

  /** Visible devices. */
  int devices();

  Properties properties(int ordinal);

  /** Makes the device's primary context current on the calling thread, which alone may use what this returns. */
  DriverContext open(int ordinal);

  /** A device as the driver describes it. */
  record Properties(String name, long memoryBytes, int major, int minor) {}
}
