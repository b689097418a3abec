package org.halocline.sampler.job;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.halocline.cosmology.core.Arithmetic;
import org.halocline.cosmology.cuda.device.Device;
import org.halocline.cosmology.cuda.device.DeviceException;
import org.halocline.cosmology.cuda.device.DeviceQueue;
import org.halocline.cosmology.cuda.device.Waits;
import org.halocline.cosmology.cuda.host.CountedDevice;
import org.halocline.cosmology.cuda.host.DeviceDouble;
import org.halocline.cosmology.cuda.host.HostDevice;
import org.halocline.domain.lane.CoreLanes;
import org.halocline.domain.lane.CudaLanes;
import org.halocline.runtime.job.JobEvent;
import org.halocline.runtime.membership.NodeException;
import org.halocline.sampler.model.LayoutDevice;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a job says of the lanes it ran on, and what it refuses. */
@Timeout(600)
class GpuJobsTest {
  private static final String GPU = "cuda/host/lines-1";
  private static final String BOTH = Arithmetic.resolved().name() + " + " + GPU;

  @TempDir
  Path directory;

  private JobNode node;

  @BeforeEach
  void start() {
    node = JobNode.start(2, OptionalLong.empty(), TestLanes.HOST);
  }

  @AfterEach
  void stop() {
    if (node != null)
      node.close();
  }

  private static String job(LayoutDevice device, int x, int y) throws IOException {
    return "kind = simulate\n" + Fixtures.model("snapshot", "cosmology", "noise.npy") + Fixtures.layout(device, x, y);
  }

  private JobNode.Ended run(LayoutDevice device, int x, int y, String output) throws Exception {
    return node.run(job(device, x, y), Fixtures.directory("snapshot"), directory.resolve(output));
  }

  private JobEvent resume(LayoutDevice device, int x, int y, String output) throws Exception {
    return node.submit(job(device, x, y), Fixtures.directory("snapshot"), directory.resolve(output), true,
        new ArrayList<>()).last().get(5, TimeUnit.MINUTES);
  }

  private String arithmetic(String output) throws IOException {
    return new ObjectMapper().readTree(directory.resolve(output).resolve("manifest.json").toFile()).get("arithmetic")
        .textValue();
  }

  private static double difference(JobNode.Ended a, JobNode.Ended b) throws IOException {
    return Fixtures.rms(Fixtures.array(a.finished("displacement.npy")), Fixtures.array(b.finished("displacement.npy")));
  }

  @Test
  void shouldKeepDeviceArithmeticAndNumbersApart() throws Exception {
    JobNode.Ended core = run(LayoutDevice.CORE, 1, 1, "core");
    JobNode.Ended gpu = run(LayoutDevice.GPU, 2, 1, "gpu");
    JobNode.Ended again = run(LayoutDevice.GPU, 1, 1, "again");
    JobNode.Ended mixed = run(LayoutDevice.MIXED, 2, 2, "mixed");
    for (JobNode.Ended other : List.of(gpu, mixed)) {
      double rms = difference(core, other);
      System.out.printf("displacement beside cores: %.2g cells rms%n", rms);
      assertTrue(rms < 1e-5, rms + " cells");
    }
    assertArrayEquals(Files.readAllBytes(gpu.finished("displacement.npy")),
        Files.readAllBytes(again.finished("displacement.npy")));
    assertEquals(List.of(Arithmetic.resolved().name(), GPU, BOTH),
        List.of(arithmetic("core"), arithmetic("gpu"), arithmetic("mixed")));
    JsonNode memory = new ObjectMapper().readTree(gpu.finished("summary.json").toFile()).get("memory");
    assertTrue(memory.get("device-bytes-a-lane").longValue() > memory.get("native-bytes-a-lane").longValue(),
        memory::toString);
    assertEquals(0,
        new ObjectMapper().readTree(core.finished("summary.json").toFile()).at("/memory/device-bytes-a-lane")
            .longValue());
  }

  @Test
  void shouldGoOnWithItsOwnArithmeticAlone() throws Exception {
    run(LayoutDevice.GPU, 2, 1, "gpu").finished("displacement.npy");
    run(LayoutDevice.MIXED, 2, 2, "mixed").finished("displacement.npy");
    assertInstanceOf(JobEvent.AlreadyFinished.class, resume(LayoutDevice.GPU, 1, 1, "gpu"));
    assertRefused(resume(LayoutDevice.CORE, 1, 1, "gpu"), Arithmetic.resolved().name(), GPU);
    assertRefused(resume(LayoutDevice.MIXED, 2, 2, "gpu"), BOTH, GPU);
    assertRefused(resume(LayoutDevice.GPU, 2, 1, "mixed"), GPU, BOTH);
  }

  private static void assertRefused(JobEvent last, String now, String before) {
    JobEvent.Failed failed = assertInstanceOf(JobEvent.Failed.class, last, last::toString);
    assertTrue(failed.badInput() && failed.message().contains("arithmetic = " + now)
        && failed.message().contains("the run began with " + before), failed::message);
  }

  @Test
  void shouldRefuseAGpuWhereThereAreCoresOnly() throws Exception {
    node.close();
    node = JobNode.start(2, OptionalLong.empty());
    JobNode.Ended refused = run(LayoutDevice.GPU, 1, 1, "gpu");
    JobEvent.Failed failed = assertInstanceOf(JobEvent.Failed.class, refused.last());
    assertTrue(failed.badInput() && failed.message().contains("needs a lane of kind cuda"), failed::message);
  }

  @ParameterizedTest
  @CsvSource({"simulate,1,1", "gradient,1,1", "gradient,2,2"})
  void shouldTakeNoMoreOfADeviceThanPlanned(String kind, int x, int y) throws Exception {
    node.close();
    CountedDevice device = new CountedDevice(HostDevice.find().orElseThrow());
    node = JobNode.start(x * y, OptionalLong.empty(),
        List.of(new CoreLanes(), new CudaLanes(List.of(() -> device), x * y)));
    Path inputs = Fixtures.directory("lightcone");
    String job = "kind = " + kind + "\n" + Fixtures.model("lightcone", "gradient_point", "noise_gradient_point.npy")
        + Fixtures.lensing() + Fixtures.layout(LayoutDevice.GPU, x, y);
    node.run(job, inputs, directory.resolve("run")).finished("summary.json");
    node.close();
    long planned = JobNode.plannedDeviceBytes(job, inputs, x, y);
    assertEquals(x * y, device.closedWith().size(), "a queue a rank");
    for (long bytes : device.closedWith()) {
      System.out.printf("%s on %d×%d: %.1f of %.1f MiB planned%n", kind, x, y, bytes / 0x1p20, planned / 0x1p20);
      assertTrue(bytes <= planned, bytes + " bytes, and " + planned + " planned");
      assertTrue(planned - bytes < 40 << 20, "parts that were not measured are planned generously, within bounds");
    }
  }

  @Test
  void shouldTellWhatADeviceSaidAndNothingElse() throws Exception {
    node.close();
    String said = "cuMemAlloc of 3.0 GiB: 2.0 GiB are free; run fewer chains";
    String message = failure(said, true);
    assertTrue(message.contains(said) && !message.contains("takes no new chains"), message);
  }

  @Test
  void shouldRefuseNewChainsOnALaneWhoseDeviceIsBroken() throws Exception {
    node.close();
    String said = "device 0: CUDA_ERROR_ILLEGAL_ADDRESS: start this process again";
    String message = failure(said, false);
    assertTrue(message.contains("lane cuda-0.") && message.contains("takes no new chains: " + said), message);
  }

  /** Of a job on a device that opens no queue. */
  private String failure(String said, boolean usable) throws Exception {
    Device full = new DeviceDouble(HostDevice.find().orElseThrow()) {
      @Override
      public boolean usable() {
        return usable;
      }

      @Override
      public DeviceQueue open(Waits waits) {
        throw new DeviceException(said);
      }
    };
    node = JobNode.start(2, OptionalLong.empty(), List.of(new CoreLanes(), new CudaLanes(List.of(() -> full), 2)));
    JobEvent.Failed failed = assertInstanceOf(JobEvent.Failed.class, run(LayoutDevice.GPU, 2, 1, "full").last());
    assertTrue(!failed.badInput() && !failed.message().contains("Exception"), failed::message);
    return failed.message();
  }

  @Test
  void shouldSayWhyADeviceDoesNotOpen() {
    CudaLanes broken = new CudaLanes(List.of(() -> {
      throw new DeviceException("device 0: the module does not load: no kernel image for sm_60");
    }), 1);
    NodeException refused = Assertions.assertThrows(NodeException.class, () -> broken.open(2, 1 << 20));
    assertTrue(refused.getMessage().contains("sm_60") && refused.getMessage().contains("layout.device"),
        refused::getMessage);
    assertTrue(new CoreLanes().open(2, 1 << 20).size() == 2, "cores are left");
  }
}
