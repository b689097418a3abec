package org.halocline.cosmology.cuda.gpu;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.halocline.cosmology.cuda.device.Device;
import org.halocline.cosmology.cuda.device.DeviceDescription;
import org.halocline.cosmology.cuda.device.DeviceException;
import org.halocline.cosmology.cuda.driver.CufftSearch;
import org.halocline.cosmology.cuda.driver.Driver;
import org.halocline.cosmology.cuda.driver.DriverException;
import org.halocline.cosmology.cuda.driver.FourierLibrary;
import org.halocline.cosmology.cuda.driver.JCudaBinding;
import org.halocline.cosmology.cuda.driver.PtxModule;
import org.halocline.cosmology.cuda.driver.UnavailableException;

/**
 * The GPUs of this process. Looking for them loads native libraries, so it is done once and only when asked for. The
 * driver honours {@code CUDA_VISIBLE_DEVICES}, which hides and reorders devices, and {@code CUDA_DEVICE_ORDER}.
 * Thread-safe.
 */
public final class Devices {
  /** Drivers from CUDA 11.8 on (520) take PTX 7.8. */
  private static final int LEAST_DRIVER = 11080;
  /** The architecture that the PTX is made for. */
  private static final int LEAST_CAPABILITY = 7;

  private final List<DeviceDescription> list;
  private final String reason;
  private final Optional<Binding> binding;
  private final Set<Integer> opened = ConcurrentHashMap.newKeySet();

  private record Binding(Driver driver, FourierLibrary fourier) {}

  /** Looks for cuFFT. */
  @FunctionalInterface
  interface FourierSource {
    CufftSearch.Found find(int driverVersion) throws UnavailableException;
  }

  private static final class Found {
    private static final Devices HERE = search();
  }

  private Devices(List<DeviceDescription> list, String reason, Optional<Binding> binding) {
    this.list = List.copyOf(list);
    this.reason = reason;
    this.binding = binding;
  }

  /** Never throws: without a GPU, a driver or cuFFT the list is empty and the reason says why. */
  public static Devices discover() {
    return Found.HERE;
  }

  private static Devices search() {
    try {
      return of(JCudaBinding.load(), version -> CufftSearch.here(version).find());
    } catch (UnavailableException e) {
      return none(e.getMessage());
    } catch (RuntimeException | LinkageError e) {
      return none("the search for GPUs failed: " + e);
    }
  }

  private static Devices none(String reason) {
    return new Devices(List.of(), reason, Optional.empty());
  }

  /** The devices of a driver. */
  static Devices of(Driver driver, FourierSource source) {
    List<String> reasons = new ArrayList<>();
    try {
      int version = driver.version();
      if (version < LEAST_DRIVER)
        return none("the NVIDIA driver is for CUDA " + text(version) + ", " + text(LEAST_DRIVER)
            + " or newer is needed (driver 520): update it");
      if (driver.devices() == 0)
        return none("the NVIDIA driver sees no device; see nvidia-smi and CUDA_VISIBLE_DEVICES");
      CufftSearch.Found fourier = source.find(version);
      List<DeviceDescription> usable = new ArrayList<>();
      for (int ordinal = 0; ordinal < driver.devices(); ordinal++)
        describe(driver, ordinal, fourier, reasons).ifPresent(usable::add);
      return new Devices(usable, String.join("; ", reasons), Optional.of(new Binding(driver, fourier.library())));
    } catch (UnavailableException e) {
      return none(e.getMessage());
    } catch (DriverException e) {
      return none("the NVIDIA driver does not answer: " + e.getMessage());
    }
  }

  private static Optional<DeviceDescription> describe(Driver driver, int ordinal, CufftSearch.Found fourier,
      List<String> reasons) {
    Driver.Properties found = driver.properties(ordinal);
    if (found.major() < LEAST_CAPABILITY) {
      reasons.add("device " + ordinal + " (" + found.name() + ") has compute capability " + found.major() + "."
          + found.minor() + ", " + LEAST_CAPABILITY + ".0 or more is needed");
      return Optional.empty();
    }
    FourierLibrary library = fourier.library();
    String others = fourier.refusals().isEmpty() ? "" : "; before it: " + String.join("; ", fourier.refusals());
    return Optional.of(new DeviceDescription(found.name(), ordinal, found.memoryBytes(), found.major(), found.minor(),
        text(driver.version()), "cuFFT " + FourierLibrary.text(library.version()), library.binding() + others));
  }

  private static String text(int version) {
    return version / 1000 + "." + version % 1000 / 10;
  }

  /** Those that can be used, by ordinal. */
  public List<DeviceDescription> list() {
    return list;
  }

  /** Why there are not more, in words; empty where all that the driver shows can be used. */
  public String reason() {
    return reason;
  }

  /**
   * Opens a device; the caller closes it. Each may be open once at a time: chains share it by their queues.
   *
   * @throws DeviceException if there is no such device, if it is open, or if its context or module cannot be made
   */
  public Device open(int ordinal) {
    return open(ordinal, Devices::module);
  }

  /** With a module of one's own. */
  Device open(int ordinal, Supplier<PtxModule> module) {
    DeviceDescription description = list.stream().filter(each -> each.ordinal() == ordinal).findFirst()
        .orElseThrow(() -> new DeviceException("device " + ordinal + " cannot be used: "
            + (reason.isEmpty() ? "there are " + list.size() : reason)));
    Binding bound = binding.orElseThrow();
    if (!opened.add(ordinal))
      throw new DeviceException(
          "device " + ordinal + " is open already in this process: open further queues on it instead");
    try {
      return new CudaDevice(bound.driver(), description, bound.fourier(), module.get(), () -> opened.remove(ordinal));
    } catch (RuntimeException | Error e) {
      opened.remove(ordinal);
      throw e;
    }
  }

  private static PtxModule module() {
    try {
      return PtxModule.shipped();
    } catch (UnavailableException e) {
      throw new DeviceException(e.getMessage(), e);
    }
  }
}
