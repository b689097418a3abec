package org.halocline.cosmology.cuda.device;

/** Memory of a device, made by a queue and freed with it. Only that queue may use it. */
public interface DeviceBuffer {

  long bytes();
}
