package org.halocline.cosmology.cuda.host;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.halocline.cosmology.cuda.device.Device;
import org.halocline.cosmology.cuda.device.DeviceDescription;
import org.halocline.cosmology.cuda.device.DeviceQueue;

/** A device that notes how much memory each queue had when it was closed: all that it ever had, for queues free nothing before. Thread-safe. */
public final class CountedDevice implements Device {
  private final Device device;
  private final List<Long> closedWith = new CopyOnWriteArrayList<>();

  public CountedDevice(Device device) {
    this.device = device;
  }

  /** Of every queue that was closed, bytes. */
  public List<Long> closedWith() {
    return List.copyOf(closedWith);
  }

  @Override
  public DeviceDescription description() {
    return device.description();
  }

  @Override
  public String arithmetic() {
    return device.arithmetic();
  }

  @Override
  public boolean usable() {
    return device.usable();
  }

  @Override
  public DeviceQueue open() {
    DeviceQueue queue = device.open();
    return (DeviceQueue) Proxy.newProxyInstance(DeviceQueue.class.getClassLoader(), new Class<?>[]{DeviceQueue.class},
        (_, method, arguments) -> {
          if (method.getName().equals("close"))
            closedWith.add(queue.allocatedBytes());
          try {
            return method.invoke(queue, arguments);
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        });
  }

  @Override
  public void close() {
    device.close();
  }
}
