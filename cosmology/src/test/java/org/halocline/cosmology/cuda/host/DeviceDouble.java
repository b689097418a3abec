package org.halocline.cosmology.cuda.host;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import org.halocline.cosmology.cuda.device.Device;
import org.halocline.cosmology.cuda.device.DeviceDescription;
import org.halocline.cosmology.cuda.device.DeviceQueue;
import org.halocline.cosmology.cuda.device.Waits;

/** A device with another behind it, which does all but what a test overrides. Thread-safe as far as that is. */
public class DeviceDouble implements Device {
  private final Device behind;

  public DeviceDouble(Device behind) {
    this.behind = behind;
  }

  /** A call of a queue as it is. */
  public interface Call {
    Object run() throws Throwable;
  }

  /**
   * What becomes of a call of a queue.
   *
   * @param queue of the device behind
   * @param arguments null where there are none
   */
  protected Object call(DeviceQueue queue, String method, Object[] arguments, Call whole) throws Throwable {
    return whole.run();
  }

  @Override
  public DeviceDescription description() {
    return behind.description();
  }

  @Override
  public String arithmetic() {
    return behind.arithmetic();
  }

  @Override
  public boolean usable() {
    return behind.usable();
  }

  @Override
  public DeviceQueue open(Waits waits) {
    DeviceQueue queue = behind.open(waits);
    return (DeviceQueue) Proxy.newProxyInstance(DeviceQueue.class.getClassLoader(), new Class<?>[]{DeviceQueue.class},
        (_, method, arguments) -> call(queue, method.getName(), arguments, () -> {
          try {
            return method.invoke(queue, arguments);
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        }));
  }

  @Override
  public void close() {
    behind.close();
  }
}
