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
import org.halocline.domain.CoreLanes;
import org.halocline.domain.CudaLanes;
import org.halocline.domain.DomainRankHost;
import org.halocline.domain.job.GradientKind;
import org.halocline.domain.job.GradientProgram;
import org.halocline.runtime.job.JobKinds;
import org.halocline.runtime.node.NodeParts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Every benchmark once, on meshes on which nothing takes long. */
@Timeout(60)
class BenchTest {
  private static final NodeParts PARTS = new NodeParts(new JobKinds(List.of(new GradientKind())),
      List.of(new CoreLanes()), new DomainRankHost(List.of(GradientProgram.factory())));

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
      String row = BenchText.row(one);
      assertFalse(row.contains("\n"), row);
      assertTrue(row.startsWith(one.name()), row);
      JsonNode line = json.readTree(BenchText.json(one));
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
        "paint", "kick", "drift", "transport-ipc", "transport-ipc-cached", "step-forward", "step-gradient"),
        found.stream().map(Measurement::name).toList());
    assertEquals(100, found.stream().filter(one -> one.name().equals("same-bits")).findAny().orElseThrow().best());
    for (Measurement one : found)
      assertTrue(one.best() > 0 && BenchText.row(one).startsWith(one.name()), one::toString);
    assertEquals(7, found.stream()
        .filter(one -> one.beside().filter(other -> other.name().equals("roofline")).isPresent()).count());
  }

  @Test
  void shouldNotAskForASecondLaneWhereThereIsOne() throws Exception {
    List<Measurement> found = new ArrayList<>();
    new Bench(16, 1, List.of(), new Timing.Effort(0, 0, 1), 1).run(PARTS, found::add);
    assertEquals(List.of(1), found.stream().filter(one -> one.name().startsWith("step")).map(Measurement::subdomains)
        .distinct().toList());
  }
}
