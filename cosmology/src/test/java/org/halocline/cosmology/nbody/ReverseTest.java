package org.halocline.cosmology.nbody;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Arrays;
import java.util.stream.Stream;
import org.halocline.cosmology.comm.Port;
import org.halocline.cosmology.core.CoreKernels;
import org.halocline.cosmology.kernel.Field.Floats;
import org.halocline.cosmology.kernel.Kernels;
import org.halocline.cosmology.kernel.Memory;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.cosmology.random.NoiseKey;
import org.halocline.cosmology.random.NoiseKey.Purpose;
import org.halocline.cosmology.timeline.Edges;
import org.halocline.cosmology.timeline.Scheme;
import org.halocline.cosmology.timeline.Spacing;
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
      s.initial(Cases.LCDM, z, Observable.NONE);
      int[][] before = state(s, memory, mesh);
      Observable seen = Cases.observable(s);
      s.forward(Cases.LCDM, z, seen);
      int[][] end = state(s, memory, mesh);
      for (int i = 0; i < 6; i++)
        assertFalse(Arrays.equals(before[i], end[i]), "nothing moved");
      s.reverse(Cases.withCotangent(seen), z, bar);
      int[][] after = state(s, memory, mesh);
      for (int i = 0; i < 6; i++)
        assertArrayEquals(before[i], after[i], c + (i < 3 ? " x" : " P") + i % 3);
    }
  }

  private static int[][] state(Simulation s, Memory memory, Mesh mesh) {
    int[][] state = new int[6][(int) mesh.size()];
    for (int axis = 0; axis < 3; axis++) {
      memory.read(s.particles().x()[axis], 0, state[axis], 0, state[axis].length);
      memory.read(s.particles().p()[axis], 0, state[3 + axis], 0, state[axis].length);
    }
    return state;
  }
}
