package org.halocline.ops.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.halocline.cosmology.cuda.host.HostDevice;
import org.halocline.domain.DomainRankHost;
import org.halocline.domain.lane.CoreLanes;
import org.halocline.domain.lane.CudaLanes;
import org.halocline.ops.timing.BenchModel;
import org.halocline.ops.timing.Measurement;
import org.halocline.ops.timing.Timing;
import org.halocline.runtime.job.JobKinds;
import org.halocline.runtime.node.NodeParts;
import org.halocline.sampler.job.GradientKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Every benchmark once, on meshes on which nothing takes long. */
@Timeout(300)
class BenchTest {
  private static final NodeParts PARTS = new NodeParts(new JobKinds(List.of(new GradientKind())),
      List.of(new CoreLanes()), new DomainRankHost(List.of(new GradientKind())));

  @Test
  void shouldMeasureEverythingAndSayItTwice() throws Exception {
    List<Measurement> found = new ArrayList<>();
    new Bench(16, 2, List.of(16), new Timing.Effort(0, 0, 1), 1).run(PARTS, found::add);
    List<String> names = found.stream().map(Measurement::name).distinct().toList();
    assertEquals(List.of("fft-r2c-c2r", "potential", "paint", "kick", "drift", "transport-ipc", "transport-ipc-cached",
        "step-forward", "step-gradient", "step-waiting", "survey-leapfrog"), names);
    ObjectMapper json = new ObjectMapper();
    for (Measurement one : found) {
      assertTrue(one.best() >= 0 && one.median() >= 0 && Double.isFinite(one.best()), one::toString);
      String row = one.row();
      assertFalse(row.contains("\n"), row);
      assertTrue(row.startsWith(one.name()), row);
      JsonNode line = json.readTree(one.json());
      assertEquals(one.name(), line.at("/name").textValue());
      assertEquals(one.best(), line.at("/" + one.unit().name().toLowerCase(java.util.Locale.ROOT)).doubleValue());
      assertEquals(one.beside().isPresent(), line.has("ratio"), line::toString);
    }
    assertEquals(2, found.stream().filter(one -> one.name().equals("step-gradient")).count(), "1 and 2 subdomains");
  }

  @Test
  void shouldSetAGpuBesideItsRoofline() throws Exception {
    Optional<HostDevice> device = HostDevice.find();
    assumeTrue(device.isPresent(), HostDevice::reason);
    List<Measurement> found = new ArrayList<>();
    GpuBench bench = new GpuBench(16, new Timing.Effort(0, 0, 1), 1);
    double bytesANs = bench.pieces(new CudaLanes(List.of(device::orElseThrow), 1), found::add);
    assertTrue(bytesANs > 0, bytesANs + " bytes a nanosecond");
    bench.passes(new NodeParts(PARTS.kinds(),
        List.of(new CoreLanes(), new CudaLanes(List.of(() -> HostDevice.find().orElseThrow()), 1)), PARTS.rankHost()),
        bytesANs, found::add);
    assertEquals(List.of("copy-on-device", "copy-to-host", "copy-to-device", "fft-r2c-c2r", "potential", "same-bits",
        "paint", "kick", "drift", "transport-ipc", "transport-ipc-cached", "step", "step-forward", "step-gradient"),
        found.stream().map(Measurement::name).toList());
    assertEquals(100, found.stream().filter(one -> one.name().equals("same-bits")).findAny().orElseThrow().best());
    for (Measurement one : found)
      assertTrue(one.best() > 0 && one.row().startsWith(one.name()), one::toString);
    assertEquals(8, found.stream()
        .filter(one -> one.beside().filter(other -> other.name().equals("roofline")).isPresent()).count());
  }

  @Test
  void shouldTimeTheLightConesThatAGpuHolds() throws Exception {
    Optional<HostDevice> device = HostDevice.find();
    assumeTrue(device.isPresent(), HostDevice::reason);
    NodeParts parts = new NodeParts(PARTS.kinds(),
        List.of(new CoreLanes(), new CudaLanes(List.of(device::orElseThrow), 1)), PARTS.rankHost());
    GpuBench bench = new GpuBench(8, new Timing.Effort(0, 0, 1), 1);
    List<Measurement> found = new ArrayList<>();
    List<String> left = bench.lightCones(parts, 1L << 40, 100, found::add);
    assertEquals(List.of(), left);
    assertEquals(List.of("light-cone [8, 8, 16]", "light-cone-gradient [8, 8, 16]", "light-cone [16, 16, 16]",
        "light-cone-gradient [16, 16, 16]"), found.stream().map(one -> one.name() + " " + one.mesh()).toList());
    for (Measurement one : found)
      assertTrue(one.best() > 0 && one.beside().orElseThrow().best() > 0, one::toString);
    long holds = GpuBench.cones(8).getFirst().gpuMemory().deviceBytes();
    assertEquals(1, GpuBench.cones(8, holds).size());
    assertEquals(List.of("a light cone of 8×8×16 cells is left out: it does not fit 0.0 GiB",
        "a light cone of 16×16×16 cells is left out: it does not fit 0.0 GiB"),
        bench.lightCones(parts, holds / 2, 100, found::add));
  }

  /** What a billion particles and a gradient take, and bytes that ops/docs/gpu-kernels.md states. */
  @Test
  void shouldHoldTheAimsOfAGpu() {
    assertEquals(List.of(List.of(512, 512, 1024), List.of(1024, 1024, 1024)),
        GpuBench.cones(512, 79L << 30).stream().map(BenchModel::mesh).toList());
    assertEquals(1, GpuBench.cones(512, 40L << 30).size());
    assertEquals(List.of(112, 508), List.of(GpuBytes.LIGHT_CONE.count(), GpuBytes.GRADIENT.count()));
  }

  @Test
  void shouldNotAskForASecondLaneWhereThereIsOne() throws Exception {
    List<Measurement> found = new ArrayList<>();
    new Bench(16, 1, List.of(), new Timing.Effort(0, 0, 1), 1).run(PARTS, found::add);
    assertEquals(List.of(1), found.stream().filter(one -> one.name().startsWith("step")).map(Measurement::subdomains)
        .distinct().toList());
  }
}
