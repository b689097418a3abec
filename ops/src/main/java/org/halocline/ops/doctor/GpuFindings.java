package org.halocline.ops.doctor;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.halocline.cosmology.cuda.CudaKernels;
import org.halocline.cosmology.cuda.DeviceTrial;
import org.halocline.cosmology.cuda.device.Device;
import org.halocline.cosmology.cuda.device.DeviceDescription;
import org.halocline.cosmology.cuda.device.DeviceException;
import org.halocline.cosmology.cuda.gpu.Devices;
import org.halocline.ops.doctor.Doctor.Finding;
import org.halocline.ops.doctor.Doctor.State;
import org.halocline.runtime.config.Bytes;

/**
 * What {@link Doctor} finds of GPUs. Every one is opened and computes a little whose answers are known, which is the
 * only proof that driver, kernels and cuFFT go together.
 */
public final class GpuFindings {
  private static final String PTX = "/org/halocline/cosmology/cuda/halocline.ptx";

  private GpuFindings() {}

  public static List<Finding> here() {
    return of(Devices.discover());
  }

  static List<Finding> of(Devices found) {
    List<Finding> findings = new ArrayList<>();
    if (found.list().isEmpty())
      findings.add(new Finding(State.FINE, "GPU", "none to be used: " + found.reason()));
    for (DeviceDescription device : found.list())
      findings.addAll(of(device, found));
    if (!found.list().isEmpty() && !found.reason().isEmpty())
      findings.add(new Finding(State.SLOW, "GPU", "others cannot be used: " + found.reason()));
    findings.add(kernels());
    return findings;
  }

  private static List<Finding> of(DeviceDescription device, Devices found) {
    String name = "GPU " + device.ordinal();
    return List.of(new Finding(State.FINE, name, device.name() + ", " + Bytes.text(device.memoryBytes())
        + ", compute capability " + device.major() + "." + device.minor() + ", driver for CUDA " + device.driver()),
        new Finding(State.FINE, name, device.fft() + ": " + device.fftReason()), opened(name, device, found));
  }

  private static Finding opened(String name, DeviceDescription description, Devices found) {
    try (Device device = found.open(description.ordinal())) {
      return tried(name, device);
    } catch (DeviceException e) {
      return new Finding(State.SLOW, name, "cannot be used: " + line(e.getMessage()));
    }
  }

  static Finding tried(String name, Device device) {
    return DeviceTrial.fault(device).map(fault -> new Finding(State.SLOW, name, "cannot be used: " + line(fault)))
        .orElseGet(() -> new Finding(State.FINE, name, CudaKernels.arithmetic(device)
            + ": opens, takes the kernels, and a kernel and transforms of each kind give the right numbers"));
  }

  private static String line(String text) {
    return text.replace("\n", "; ");
  }

  private static Finding kernels() {
    try (InputStream file = Devices.class.getResourceAsStream(PTX)) {
      if (file == null)
        return new Finding(State.SLOW, "GPU kernels", "are not in this build: " + PTX + " is missing");
      List<String> head = new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8)).lines().limit(100)
          .toList();
      return new Finding(State.FINE, "GPU kernels", "PTX ISA " + directive(head, ".version") + " for "
          + directive(head, ".target") + ", compiled by the driver for newer chips");
    } catch (IOException e) {
      return new Finding(State.SLOW, "GPU kernels", "cannot be read: " + e.getMessage());
    }
  }

  private static String directive(List<String> lines, String name) {
    Optional<String> line = lines.stream().filter(text -> text.startsWith(name)).findFirst();
    return line.map(text -> text.substring(name.length()).trim()).orElse("unknown");
  }
}
