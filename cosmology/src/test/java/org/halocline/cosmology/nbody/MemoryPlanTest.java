package org.halocline.cosmology.nbody;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.Stream;
import org.halocline.cosmology.comm.Halo;
import org.halocline.cosmology.comm.Port;
import org.halocline.cosmology.core.CoreKernels;
import org.halocline.cosmology.kernel.Field;
import org.halocline.cosmology.kernel.Kernels;
import org.halocline.cosmology.kernel.Memory;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.cosmology.mesh.Split;
import org.halocline.cosmology.observe.LightCone;
import org.halocline.cosmology.random.NoiseKey;
import org.halocline.cosmology.timeline.Edges;
import org.halocline.cosmology.timeline.Scheme;
import org.halocline.cosmology.timeline.Spacing;
import org.halocline.cosmology.transform.Fourier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The plan's bytes against what a simulation asks its lane for. */
@Timeout(300)
class MemoryPlanTest {

  /** A core that counts. */
  private static final class Counting implements Memory {
    private final Kernels core = CoreKernels.of();
    long fields;
    long staging;

    Kernels kernels() {
      return new Kernels(this, core.vectors(), core.particles(), core.meshes(), core.spectra(), core.modes(),
          core.pointwise());
    }

    @Override
    public Field.Floats floats(long size) {
      fields += 4 * size;
      return core.memory().floats(size);
    }

    @Override
    public Field.Ints ints(long size) {
      fields += 4 * size;
      return core.memory().ints(size);
    }

    @Override
    public Field.Doubles doubles(long size) {
      fields += 8 * size;
      return core.memory().doubles(size);
    }

    @Override
    public MemorySegment staging(long bytes) {
      staging += bytes;
      return core.memory().staging(bytes);
    }

    @Override
    public void read(Field from, long offset, MemorySegment into) {
      core.memory().read(from, offset, into);
    }

    @Override
    public void write(MemorySegment from, Field into, long offset) {
      core.memory().write(from, into, offset);
    }

    @Override
    public void close() {
      core.memory().close();
    }
  }

  private static SimulationPlan plan(Mesh mesh, double max, Edges edges) throws Exception {
    return Cases.plan(mesh, 2, Scheme.BULLFROG, edges, max);
  }

  static Stream<SimulationPlan> plans() throws Exception {
    return Stream.of(plan(new Mesh(32, 24, 40, 300, 240, 400), 3, new Edges.Snapshot(4, Spacing.LOG_A)),
        plan(new Mesh(24, 20, 30, 200, 210, 300), 0.5, new Edges.LightCone(4, 5, 300)),
        plan(new Mesh(13, 9, 7, 130, 90, 70), 8, new Edges.Snapshot(4, Spacing.LOG_A)),
        plan(new Mesh(3, 5, 1, 30, 50, 10), 2, new Edges.Snapshot(4, Spacing.LOG_A)));
  }

  @ParameterizedTest
  @MethodSource("plans")
  void shouldPlanTheFieldsToTheByte(SimulationPlan plan) throws Exception {
    List<Decomposition> layouts = Cases.layouts(plan.mesh());
    for (Decomposition d : layouts)
      for (int rank = 0; rank < d.ranks(); rank++)
        for (Purpose purpose : Purpose.values()) {
          Counting lane = new Counting();
          int me = rank;
          try (Memory memory = lane;
              Simulation s = new Simulation(plan, purpose, d, rank, lane.kernels(), idle(me, d.ranks()))) {
            assertEquals(lane.fields, plan.fieldBytes(purpose, d, rank), Cases.name(d) + " rank " + rank);
            assertTrue(LightCone.heapBytes(plan, d, rank) >= 8L * plan.planes() * d.block(rank).lines());
            assertStaging(plan, d, rank, lane.staging);
            assertTrue(plan == s.plan() && memory == lane);
          }
        }
  }

  /** A power spectrum took a mesh and staging of its own once, and large jobs ran out of memory at their end. */
  @Test
  void shouldTakeNothingMoreOnceItRuns() throws Exception {
    SimulationPlan plan = plan(new Mesh(24, 20, 30, 200, 210, 300), 4, new Edges.LightCone(4, 5, 300));
    Decomposition whole = Decomposition.even(plan.mesh(), 1, 1);
    Counting lane = new Counting();
    try (Memory memory = lane;
        Simulation s = new Simulation(plan, Purpose.FORWARD, whole, 0, lane.kernels(), Port.solo())) {
      Field.Floats noise = memory.floats(whole.block(0).size());
      lane.core.vectors().normal(noise, whole, 0, new NoiseKey(1, NoiseKey.Purpose.TEST));
      long held = lane.fields;
      s.forward(Cases.LCDM, noise, new LightCone(s));
      PowerSpectrum.Bin[] own = s.power(s.density());
      assertEquals(held, lane.fields, "bytes of fields");
      assertEquals(0, lane.staging, "bytes of staging");
      assertArrayEquals(Cases.power(s.density(), s.density(), whole, 0, lane.kernels(), Port.solo()), own);
    }
  }

  @Test
  void shouldHoldSixtyBytesAParticle() throws Exception {
    Mesh mesh = new Mesh(128, 128, 256, 1280, 1280, 2560);
    SimulationPlan plan = plan(mesh, 6, new Edges.LightCone(2, 8, 2560));
    Decomposition whole = new Decomposition(mesh, Split.even(mesh.nx(), 1), Split.even(mesh.ny(), 1));
    double spectrum = 2 * 8.0 / mesh.nz();
    assertEquals(60 + spectrum, (double) plan.fieldBytes(Purpose.GRADIENT, whole, 0) / mesh.size(), 0.3);
    assertEquals(48 + spectrum, (double) plan.fieldBytes(Purpose.FORWARD, whole, 0) / mesh.size(), 0.3);
  }

  /** A wide block beside narrow ones is asked for its cells by several. */
  @ParameterizedTest
  @MethodSource("plans")
  void shouldBoundTheStagingOfUnevenCuts(SimulationPlan plan) throws Exception {
    Mesh mesh = plan.mesh();
    int[] x = new int[mesh.nx() / 2 + 1];
    java.util.Arrays.fill(x, 1);
    x[0] = mesh.nx() - x.length + 1;
    int[] y = new int[mesh.ny() / 2 + 1];
    java.util.Arrays.fill(y, 1);
    y[y.length - 1] = mesh.ny() - y.length + 1;
    Decomposition d = new Decomposition(mesh, Split.of(x), Split.of(y));
    for (int rank = 0; rank < d.ranks(); rank += 3) {
      Counting lane = new Counting();
      try (Memory memory = lane; Simulation s = new Simulation(plan, d, rank, lane.kernels(), idle(rank, d.ranks()))) {
        assertStaging(plan, d, rank, lane.staging);
        assertTrue(plan == s.plan() && memory == lane);
      }
    }
  }

  private static void assertStaging(SimulationPlan plan, Decomposition d, int rank, long staged) {
    long halo = Halo.stagingBytes(d, rank, plan.potentialGrid(d, rank));
    assertEquals(halo + Fourier.stagingBytes(d, rank), staged, Cases.name(d) + " rank " + rank);
    assertTrue(staged <= plan.stagingBytes(d, rank), Cases.name(d) + " rank " + rank);
  }

  private static Port idle(int rank, int ranks) {
    return new Port() {
      @Override
      public int rank() {
        return rank;
      }

      @Override
      public int ranks() {
        return ranks;
      }

      @Override
      public Exchange begin(Phase phase, List<Parcel> sends, List<Parcel> receives) {
        throw new IllegalStateException("nothing is sent while memory is planned");
      }

      @Override
      public void yieldPoint() {}
    };
  }
}
