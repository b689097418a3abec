package org.halocline.cosmology.cuda.gpu;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.halocline.cosmology.cuda.device.Device;
import org.halocline.cosmology.cuda.device.DeviceDescription;
import org.halocline.cosmology.cuda.device.DeviceException;
import org.halocline.cosmology.cuda.device.DeviceQueue;
import org.halocline.cosmology.cuda.device.Waits;
import org.halocline.cosmology.cuda.driver.Driver;
import org.halocline.cosmology.cuda.driver.DriverContext;
import org.halocline.cosmology.cuda.driver.DriverException;
import org.halocline.cosmology.cuda.driver.FourierLibrary;
import org.halocline.cosmology.cuda.driver.PtxModule;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A GPU behind a driver: its thread, its context and the queues that are open. */
final class CudaDevice implements Device {
  private static final Logger LOG = LoggerFactory.getLogger(CudaDevice.class);

  private final DeviceDescription description;
  private final String arithmetic;
  private final FourierLibrary fourier;
  private final Launches launches;
  private final CommandThread thread;
  private final DriverContext context;
  private final Runnable onClose;
  private final List<CudaQueue> queues = new ArrayList<>();
  private final AtomicReference<DeviceException> broken = new AtomicReference<>();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final AtomicLong heldBytes = new AtomicLong();

  /**
   * Opens a device.
   *
   * @param onClose run once, when it is closed
   * @throws DeviceException if its context or its module cannot be made
   */
  CudaDevice(Driver driver, DeviceDescription description, FourierLibrary fourier, PtxModule module,
      Runnable onClose) {
    this.description = description;
    this.fourier = fourier;
    this.onClose = onClose;
    arithmetic = "cuda/cufft-" + FourierLibrary.text(fourier.version()) + "/sm_" + description.major()
        + description.minor();
    launches = new Launches(module);
    thread = new CommandThread("cuda-" + description.ordinal());
    thread.start();
    try {
      context = call("opening", () -> open(driver, module));
    } catch (RuntimeException | Error e) {
      thread.close();
      throw e;
    }
    LOG.info("{}: {} GiB, compute capability {}.{}, driver for CUDA {}, {} through {}", name(),
        gibibytes(description.memoryBytes()), description.major(), description.minor(), description.driver(),
        description.fft(), description.fftReason());
  }

  private DriverContext open(Driver driver, PtxModule module) {
    DriverContext opened = driver.open(description.ordinal());
    try {
      opened.load(module.bytes());
      return opened;
    } catch (DriverException e) {
      opened.close();
      throw e;
    }
  }

  /** For messages. */
  String name() {
    return "device " + description.ordinal() + " (" + description.name() + ")";
  }

  static String gibibytes(long bytes) {
    return "%.2f".formatted(bytes / 0x1p30);
  }

  @Override
  public DeviceDescription description() {
    return description;
  }

  @Override
  public String arithmetic() {
    return arithmetic;
  }

  @Override
  public DeviceQueue open(Waits waits) {
    requireUsable();
    CudaQueue queue = new CudaQueue(this, thread, context, launches, fourier, waits);
    synchronized (queues) {
      queues.add(queue);
    }
    if (closed.get()) {
      queue.close();
      throw new DeviceException(name() + " is closed");
    }
    return queue;
  }

  void forget(CudaQueue queue) {
    synchronized (queues) {
      queues.remove(queue);
    }
  }

  /** Counts device memory that a queue has taken, or given back. */
  void hold(long bytes) {
    heldBytes.addAndGet(bytes);
  }

  long heldBytes() {
    return heldBytes.get();
  }

  /** @throws DeviceException if it is closed or broken */
  void requireUsable() {
    if (closed.get())
      throw new DeviceException(name() + " is closed");
    DeviceException found = broken.get();
    if (found != null)
      throw new DeviceException(found.getMessage(), found);
  }

  @Override
  public boolean usable() {
    return !closed.get() && !isBroken();
  }

  boolean isBroken() {
    return broken.get() != null;
  }

  /**
   * What a failure of the driver means, in words; a fatal one breaks the device. cuFFT has a few words for all, so the
   * driver is asked what it knows. On the device's thread.
   */
  DeviceException failure(String operation, DriverException cause) {
    String message = name() + ", " + operation + ": " + cause.getMessage();
    Optional<DriverException> lost = cause.ofFourier() ? context.lost() : Optional.empty();
    if (lost.isPresent())
      message += ", for the driver says " + lost.get().getMessage();
    else if (!cause.fatal())
      return new DeviceException(message, cause);
    DeviceException found = new DeviceException(message + ". It may come from any kernel since the last wait. The "
        + "device's context is lost with all of its memory: start this process again", cause);
    if (broken.compareAndSet(null, found))
      LOG.error(found.getMessage());
    return broken.get();
  }

  /** Runs on the device's thread what returns soon, and waits for it. */
  <T> T call(String operation, Supplier<T> action) {
    CompletableFuture<T> result = new CompletableFuture<>();
    thread.enqueue(() -> {
      try {
        result.complete(action.get());
      } catch (DriverException e) {
        result.completeExceptionally(failure(operation, e));
      } catch (RuntimeException | Error e) {
        result.completeExceptionally(e);
      }
    });
    return await(result);
  }

  /** Parks until a result is there; an interrupt is kept for later. */
  static <T> T await(CompletableFuture<T> result) {
    try {
      return result.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof DeviceException found)
        throw new DeviceException(found.getMessage(), found);
      throw e;
    }
  }

  @Override
  public void close() {
    if (!closed.compareAndSet(false, true))
      return;
    try {
      for (CudaQueue queue : openQueues())
        queue.close();
      call("closing", () -> {
        context.close();
        return true;
      });
    } catch (DeviceException e) {
      LOG.warn("closed with an error: {}", e.getMessage());
    } finally {
      thread.close();
      onClose.run();
    }
  }

  private List<CudaQueue> openQueues() {
    synchronized (queues) {
      return List.copyOf(queues).reversed();
    }
  }
}
