package org.halocline.cosmology.cuda.driver;

import static org.halocline.cosmology.cuda.driver.JCudaBinding.check;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;
import jcuda.Pointer;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUevent;
import jcuda.driver.CUevent_flags;
import jcuda.driver.CUfunction;
import jcuda.driver.CUjit_option;
import jcuda.driver.CUmodule;
import jcuda.driver.CUresult;
import jcuda.driver.CUstream;
import jcuda.driver.CUstream_flags;
import jcuda.driver.JCudaDriver;
import jcuda.driver.JITOptions;

/** A primary context through JCuda. */
final class JCudaContext implements DriverContext {
  private static final int LOG_BYTES = 16 << 10;
  private static final int NOT_READY = CUresult.CUDA_ERROR_NOT_READY;
  /** Host memory is pinned for all contexts. */
  private static final int PORTABLE = 1;

  private final CUdevice device;
  private final CUmodule module = new CUmodule();
  private final MethodHandle allocateHost;
  private boolean loaded;

  JCudaContext(CUdevice device, MethodHandle allocateHost) {
    this.device = device;
    this.allocateHost = allocateHost;
    CUcontext context = new CUcontext();
    check("cuDevicePrimaryCtxRetain", JCudaDriver.cuDevicePrimaryCtxRetain(context, device));
    check("cuCtxSetCurrent", JCudaDriver.cuCtxSetCurrent(context));
  }

  private static final class JStream extends CUstream implements Stream {
    @Override
    public long address() {
      return getNativePointer();
    }
  }

  private static final class JEvent extends CUevent implements Event {}

  private static final class JKernel extends CUfunction implements Kernel {}

  /** Lets its address be read. */
  private static final class DeviceAddress extends CUdeviceptr {
    long address() {
      return getNativePointer();
    }
  }

  private static CUdeviceptr device(long address) {
    return new CUdeviceptr().withByteOffset(address);
  }

  private static Pointer host(long address) {
    return new Pointer().withByteOffset(address);
  }

  private static CUstream handle(Stream stream) {
    return (JStream) stream;
  }

  private static CUevent handle(Event event) {
    return (JEvent) event;
  }

  @Override
  public void load(byte[] ptx) {
    JITOptions options = new JITOptions();
    options.putBytes(CUjit_option.CU_JIT_ERROR_LOG_BUFFER, new byte[LOG_BYTES]);
    options.putInt(CUjit_option.CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES, LOG_BYTES);
    int result;
    try (Arena arena = Arena.ofConfined()) { // not an array: JCuda would pin it for as long as the driver compiles
      MemorySegment terminated = arena.allocate(ptx.length + 1L);
      MemorySegment.copy(ptx, 0, terminated, ValueLayout.JAVA_BYTE, 0, ptx.length);
      result = JCudaDriver.cuModuleLoadDataJIT(module, host(terminated.address()), options);
    }
    String log = result == 0 ? "" : options.getString(CUjit_option.CU_JIT_ERROR_LOG_BUFFER).strip();
    check(log.isEmpty() ? "cuModuleLoadDataEx" : "cuModuleLoadDataEx, whose compiler says: " + log, result);
    loaded = true;
  }

  @Override
  public Kernel kernel(String name) {
    JKernel kernel = new JKernel();
    check("cuModuleGetFunction of " + name, JCudaDriver.cuModuleGetFunction(kernel, module, name));
    return kernel;
  }

  @Override
  public long allocate(long bytes) {
    DeviceAddress address = new DeviceAddress();
    check("cuMemAlloc", JCudaDriver.cuMemAlloc(address, bytes));
    return address.address();
  }

  @Override
  public void free(long address) {
    check("cuMemFree", JCudaDriver.cuMemFree(device(address)));
  }

  @Override
  public long freeBytes() {
    long[] free = new long[1];
    check("cuMemGetInfo", JCudaDriver.cuMemGetInfo(free, new long[1]));
    return free[0];
  }

  @Override
  public long allocateHost(long bytes) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment address = arena.allocate(ValueLayout.ADDRESS);
      check("cuMemHostAlloc", NativeCalls.code(() -> (int) allocateHost.invokeExact(address, bytes, PORTABLE)));
      return address.get(ValueLayout.ADDRESS, 0).address();
    }
  }

  @Override
  public void freeHost(long address) {
    check("cuMemFreeHost", JCudaDriver.cuMemFreeHost(host(address)));
  }

  @Override
  public Stream stream() {
    JStream stream = new JStream();
    check("cuStreamCreate", JCudaDriver.cuStreamCreate(stream, CUstream_flags.CU_STREAM_NON_BLOCKING));
    return stream;
  }

  @Override
  public void destroy(Stream stream) {
    check("cuStreamDestroy", JCudaDriver.cuStreamDestroy(handle(stream)));
  }

  @Override
  public Event event() {
    JEvent event = new JEvent();
    check("cuEventCreate", JCudaDriver.cuEventCreate(event, CUevent_flags.CU_EVENT_DISABLE_TIMING));
    return event;
  }

  @Override
  public void destroy(Event event) {
    check("cuEventDestroy", JCudaDriver.cuEventDestroy(handle(event)));
  }

  @Override
  public void record(Event event, Stream stream) {
    check("cuEventRecord", JCudaDriver.cuEventRecord(handle(event), handle(stream)));
  }

  @Override
  public boolean passed(Event event) {
    int result = JCudaDriver.cuEventQuery(handle(event));
    if (result == NOT_READY)
      return false;
    check("cuEventQuery", result);
    return true;
  }

  @Override
  public void after(Stream stream, Event event) {
    check("cuStreamWaitEvent", JCudaDriver.cuStreamWaitEvent(handle(stream), handle(event), 0));
  }

  @Override
  public void copyToHost(long host, long device, long bytes, Stream stream) {
    check("cuMemcpyDtoHAsync",
        JCudaDriver.cuMemcpyDtoHAsync(host(host), device(device), bytes, handle(stream)));
  }

  @Override
  public void copyToDevice(long device, long host, long bytes, Stream stream) {
    check("cuMemcpyHtoDAsync",
        JCudaDriver.cuMemcpyHtoDAsync(device(device), host(host), bytes, handle(stream)));
  }

  @Override
  public void copy(long to, long from, long bytes, Stream stream) {
    check("cuMemcpyDtoDAsync", JCudaDriver.cuMemcpyDtoDAsync(device(to), device(from), bytes, handle(stream)));
  }

  @Override
  public void clear(long device, long bytes, Stream stream) {
    if ((device | bytes) % Integer.BYTES == 0)
      check("cuMemsetD32Async",
          JCudaDriver.cuMemsetD32Async(device(device), 0, bytes / Integer.BYTES, handle(stream)));
    else
      check("cuMemsetD8Async", JCudaDriver.cuMemsetD8Async(device(device), (byte) 0, bytes, handle(stream)));
  }

  @Override
  public void clearWords(long device, long pitch, long rows, Stream stream) {
    check("cuMemsetD2D32Async",
        JCudaDriver.cuMemsetD2D32Async(device(device), pitch, 0, 1, rows, handle(stream)));
  }

  @Override
  public void launch(Kernel kernel, int gridX, int gridY, int gridZ, int block, MemorySegment parameters,
      Stream stream) {
    check("cuLaunchKernel", JCudaDriver.cuLaunchKernel((JKernel) kernel, gridX, gridY, gridZ, block, 1, 1, 0,
        handle(stream), host(parameters.address()), null));
  }

  /**
   * By asking the default stream, where nothing of ours runs: an error that a context does not survive is answered to
   * every question.
   */
  @Override
  public Optional<DriverException> lost() {
    int result = JCudaDriver.cuStreamQuery(new CUstream());
    if (result == NOT_READY)
      return Optional.empty();
    try {
      check("cuStreamQuery", result);
      return Optional.empty();
    } catch (DriverException e) {
      return e.fatal() ? Optional.of(e) : Optional.empty();
    }
  }

  @Override
  public void close() {
    try {
      if (loaded)
        check("cuModuleUnload", JCudaDriver.cuModuleUnload(module));
    } finally {
      check("cuDevicePrimaryCtxRelease", JCudaDriver.cuDevicePrimaryCtxRelease(device));
    }
  }
}
