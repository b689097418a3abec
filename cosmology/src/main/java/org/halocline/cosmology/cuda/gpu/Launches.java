package org.halocline.cosmology.cuda.gpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.halocline.cosmology.cuda.device.Argument;
import org.halocline.cosmology.cuda.device.DeviceBuffer;
import org.halocline.cosmology.cuda.device.Launch;
import org.halocline.cosmology.cuda.driver.DriverContext;
import org.halocline.cosmology.cuda.driver.PtxModule;

/**
 * The kernels of a device's module: checks launches on the caller's thread, and carries them out on the device's, which
 * alone uses the one array of arguments.
 */
final class Launches {
  private static final int SLOT = 8;

  private final PtxModule module;
  private final Map<String, DriverContext.Kernel> kernels = new HashMap<>();
  private final MemorySegment values;
  private final MemorySegment addresses;

  Launches(PtxModule module) {
    this.module = module;
    int most = module.kernels().values().stream().mapToInt(List::size).max().orElse(0);
    values = Arena.ofAuto().allocate(SLOT * Math.max(1L, most), SLOT);
    addresses = Arena.ofAuto().allocate(SLOT * Math.max(1L, most), SLOT);
    for (long i = 0; i < most; i++)
      addresses.setAtIndex(ValueLayout.JAVA_LONG, i, values.address() + i * SLOT);
  }

  /** Kernel, number and types of arguments, owner of buffers. */
  void check(Launch launch, CudaQueue queue) {
    List<String> parameters = module.kernels().get(launch.kernel());
    if (parameters == null)
      throw new IllegalArgumentException("kernel " + launch.kernel() + " is not in the module: make its PTX anew");
    if (parameters.size() != launch.arguments().size())
      throw new IllegalArgumentException("kernel " + launch.kernel() + " has " + parameters.size()
          + " parameters, the launch " + launch.arguments().size() + " arguments");
    for (int i = 0; i < parameters.size(); i++) {
      Argument argument = launch.arguments().get(i);
      if (!type(argument).equals(parameters.get(i)))
        throw new IllegalArgumentException("kernel " + launch.kernel() + ": parameter " + i + " is "
            + parameters.get(i) + ", its argument " + argument + " is " + type(argument));
      if (argument instanceof Argument.OfBuffer(var buffer, var _))
        queue.address(buffer);
    }
  }

  private static String type(Argument argument) {
    return switch (argument) {
      case Argument.OfInt _ -> "u32";
      case Argument.OfLong _,Argument.OfBuffer _ -> "u64";
      case Argument.OfFloat _ -> "f32";
      case Argument.OfDouble _ -> "f64";
    };
  }

  /** On the device's thread. */
  void run(DriverContext context, DriverContext.Stream stream, Launch launch, CudaQueue queue) {
    DriverContext.Kernel kernel = kernels.get(launch.kernel());
    if (kernel == null) {
      kernel = context.kernel(launch.kernel());
      kernels.put(launch.kernel(), kernel);
    }
    List<Argument> arguments = launch.arguments();
    for (int i = 0; i < arguments.size(); i++)
      put(arguments.get(i), (long) i * SLOT, queue);
    context.launch(kernel, launch.gridX(), launch.gridY(), launch.gridZ(), launch.block(), addresses, stream);
  }

  private void put(Argument argument, long slot, CudaQueue queue) {
    switch (argument) {
      case Argument.OfInt(int value) -> values.set(ValueLayout.JAVA_INT, slot, value);
      case Argument.OfLong(long value) -> values.set(ValueLayout.JAVA_LONG, slot, value);
      case Argument.OfFloat(float value) -> values.set(ValueLayout.JAVA_FLOAT, slot, value);
      case Argument.OfDouble(double value) -> values.set(ValueLayout.JAVA_DOUBLE, slot, value);
      case Argument.OfBuffer(DeviceBuffer buffer, long offset) ->
        values.set(ValueLayout.JAVA_LONG, slot, queue.address(buffer) + offset);
    }
  }
}
