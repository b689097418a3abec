package org.halocline.cosmology.cuda.device;

/**
 * A device, its driver or its FFT library could not do what was asked. The message names the operation, the cause and a
 * remedy.
 */
public final class DeviceException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public DeviceException(String message) {
    super(message);
  }

  public DeviceException(String message, Throwable cause) {
    super(message, cause);
  }
}
