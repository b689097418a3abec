package org.halocline.cosmology.nbody;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.halocline.cosmology.background.Cosmology;
import org.halocline.cosmology.background.Edges;
import org.halocline.cosmology.background.Scheme;
import org.halocline.cosmology.background.Spacing;
import org.halocline.cosmology.comm.Port;
import org.halocline.cosmology.core.CoreKernels;
import org.halocline.cosmology.kernel.Field.Floats;
import org.halocline.cosmology.kernel.Kernels;
import org.halocline.cosmology.kernel.Memory;
import org.halocline.cosmology.lensing.Distance;
import org.halocline.cosmology.lensing.LensingKernel;
import org.halocline.cosmology.lensing.Sources;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.cosmology.random.NoiseKey;
import org.halocline.cosmology.random.NoiseKey.Purpose;
import org.halocline.cosmology.random.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The reverse pass comes back to where the forward pass began, bit for bit, over ten steps. */
@Timeout(300)
class ReverseTest {
  private static final long SEED = 64;

  record Case(String name, int lptOrder, Scheme scheme, Edges edges) {}

  /** Of a new chain on the kind of lane that is tested. */
  Kernels kernels() {
    return CoreKernels.of();
  }

  /** Side of the mesh. */
  int cells() {
    return 64;
  }

  static Stream<Case> cases() {
    return Stream.of(new Case("snapshot", 2, Scheme.BULLFROG, new Edges.Snapshot(10, Spacing.A)),
        new Case("light cone", 2, Scheme.BULLFROG, new Edges.LightCone(6, 4, 512)),
        new Case("FastPM", 1, Scheme.FASTPM, new Edges.Snapshot(10, Spacing.LOG_A)));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void shouldRestoreTheInitialStateBitForBit(Case c) throws Exception {
    System.out.println(c + ": seed " + SEED);
    Mesh mesh = new Mesh(cells(), cells(), cells(), 512, 512, 512);
    SimulationPlan plan = Cases.plan(mesh, c.lptOrder, c.scheme, c.edges, 6);
    Decomposition d = Decomposition.even(mesh, 1, 1);
    Kernels kernels = kernels();
    try (Memory memory = kernels.memory(); Simulation s = new Simulation(plan, d, 0, kernels, Port.solo())) {
      Floats z = memory.floats(mesh.size());
      Floats bar = memory.floats(mesh.size());
      kernels.vectors().normal(z, d, 0, new NoiseKey(SEED, Purpose.TEST));
      s.initial(Cases.LCDM, z);
      int[][] before = state(s, memory, mesh);
      s.forward(Cases.LCDM, z);
      int[][] end = state(s, memory, mesh);
      for (int i = 0; i < 6; i++)
        assertFalse(Arrays.equals(before[i], end[i]), "nothing moved");
      double[] planes = s.planes();
      Arrays.setAll(planes, i -> planes[i] - 1);
      Cotangents cotangents = plan.planes() > 0
          ? new Cotangents.OfPlanes(planes)
          : new Cotangents.OfDensity(s.density());
      s.reverse(cotangents, z, bar);
      int[][] after = state(s, memory, mesh);
      for (int i = 0; i < 6; i++)
        assertArrayEquals(before[i], after[i], c + (i < 3 ? " x" : " P") + i % 3);
    }
  }

  private static int[][] state(Simulation s, Memory memory, Mesh mesh) {
    int[][] state = new int[6][(int) mesh.size()];
    for (int axis = 0; axis < 3; axis++) {
      memory.read(s.displacement(axis), 0, state[axis], 0, state[axis].length);
      memory.read(s.momentum(axis), 0, state[3 + axis], 0, state[axis].length);
    }
    return state;
  }

  /** What a likelihood hands back for the planes' distances reaches θ as the coefficients say. */
  @Test
  void shouldCarryTheDistancesOfThePlanesBack() throws Exception {
    Mesh mesh = new Mesh(8, 8, 12, 80, 80, 120);
    SimulationPlan flat = Cases.plan(mesh, 2, Scheme.BULLFROG, new Edges.LightCone(4, 3, 120), 4);
    Sources sources = new Sources(new double[]{0, 0.1, 0.2}, new double[][]{{0, 1, 1}, {1, 2, 0}});
    SimulationPlan plan = new SimulationPlan(mesh, flat.timeline(), flat.maxDisplacementCells(), flat.units(),
        Optional.of(new LensingKernel(sources, 3, 120, Distance.TRANSVERSE)));
    float[] noise = Seeds.floats(Seeds.random("distances", 27), (int) mesh.size());
    double[] distances = {3, -2, 5};
    List<double[]> theta = Domains.run(Decomposition.even(mesh, 2, 1), (rank, port) -> {
      Decomposition d = Decomposition.even(mesh, 2, 1);
      Kernels kernels = kernels();
      try (Memory memory = kernels.memory(); Simulation s = new Simulation(plan, d, rank, kernels, port)) {
        Floats z = Cases.floats(memory, mesh, d.block(rank), noise);
        s.forward(Cases.LCDM, z);
        double[] planes = new double[s.planes().length];
        double[] back = s.reverse(new Cotangents.OfPlanes(planes, rank == 0 ? new double[6] : new double[0],
            rank == 0 ? distances : new double[0]), z, z);
        double[] cotangents = new double[s.coefficients().count()];
        System.arraycopy(distances, 0, cotangents, s.coefficients().planeDistance(0), 3);
        assertArrayEquals(s.coefficients().pullBack(cotangents), back, 1e-12);
        return back;
      }
    });
    assertTrue(theta.getFirst()[Cosmology.PARAMETERS.indexOf(Cosmology.OMEGA_K)] != 0);
  }
}
