package org.halocline.cosmology.cuda.driver;

import static jcuda.driver.JCudaDriver.cuDeviceGet;
import static jcuda.driver.JCudaDriver.cuDeviceGetAttribute;
import static jcuda.driver.JCudaDriver.cuDeviceGetCount;
import static jcuda.driver.JCudaDriver.cuDeviceGetName;
import static jcuda.driver.JCudaDriver.cuDeviceTotalMem;
import static jcuda.driver.JCudaDriver.cuDriverGetVersion;
import static jcuda.driver.JCudaDriver.cuGetErrorName;
import static jcuda.driver.JCudaDriver.cuGetErrorString;
import static jcuda.driver.JCudaDriver.cuInit;

import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdevice_attribute;

/**
 * The driver through JCuda.
 *
 * @param allocateHost cuMemHostAlloc without JCuda, which wraps what it gets in a byte buffer and so fails beyond 2 GiB
 */
public record JCudaBinding(MethodHandle allocateHost) implements Driver {
  private static final String LIBRARY = "libcuda.so.1";
  private static final String CLASS = "jcuda.driver.JCudaDriver";

  /**
   * Loads and initialises the driver of this machine.
   *
   * @throws UnavailableException if there is none, or if it finds nothing to drive
   */
  @SuppressWarnings("restricted")
  public static Driver load() throws UnavailableException {
    String platform = System.getProperty("os.name") + " on " + System.getProperty("os.arch");
    if (!platform.equals("Linux on amd64"))
      throw new UnavailableException("GPUs need Linux on amd64, this is " + platform);
    SymbolLookup library;
    try {
      library = SymbolLookup.libraryLookup(LIBRARY, Arena.global());
    } catch (IllegalArgumentException e) {
      throw new UnavailableException(LIBRARY + " not found: no NVIDIA driver is installed here, or this container was "
          + "started without its GPUs (docker run --gpus all)", e);
    }
    Natives.load(CLASS);
    JCudaBinding driver = new JCudaBinding(NativeCalls.function(library, "cuMemHostAlloc",
        ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT));
    try {
      check("cuInit", cuInit(0));
      driver.version();
    } catch (DriverException e) {
      throw new UnavailableException("the NVIDIA driver offers no device: " + e.getMessage()
          + "; see nvidia-smi, CUDA_VISIBLE_DEVICES and the driver's installation", e);
    }
    return driver;
  }

  /** @throws DriverException unless the result is success */
  static void check(String call, int result) {
    if (result == 0)
      return;
    String[] name = {"an unknown error"};
    String[] meaning = {""};
    cuGetErrorName(result, name);
    cuGetErrorString(result, meaning);
    throw new DriverException(call, result, name[0] + ", " + meaning[0]);
  }

  @Override
  public int version() {
    int[] version = new int[1];
    check("cuDriverGetVersion", cuDriverGetVersion(version));
    return version[0];
  }

  @Override
  public int devices() {
    int[] count = new int[1];
    check("cuDeviceGetCount", cuDeviceGetCount(count));
    return count[0];
  }

  @Override
  public Properties properties(int ordinal) {
    CUdevice device = device(ordinal);
    byte[] name = new byte[256];
    check("cuDeviceGetName", cuDeviceGetName(name, name.length, device));
    int length = 0;
    while (length < name.length && name[length] != 0)
      length++;
    long[] memory = new long[1];
    check("cuDeviceTotalMem", cuDeviceTotalMem(memory, device));
    return new Properties(new String(name, 0, length, StandardCharsets.UTF_8), memory[0],
        attribute(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR),
        attribute(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR));
  }

  @Override
  public DriverContext open(int ordinal) {
    return new JCudaContext(device(ordinal), allocateHost);
  }

  private static CUdevice device(int ordinal) {
    CUdevice device = new CUdevice();
    check("cuDeviceGet", cuDeviceGet(device, ordinal));
    return device;
  }

  private static int attribute(CUdevice device, int attribute) {
    int[] value = new int[1];
    check("cuDeviceGetAttribute", cuDeviceGetAttribute(value, attribute, device));
    return value[0];
  }
}
