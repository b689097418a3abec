package org.halocline.cosmology.nbody;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.halocline.cosmology.cuda.CudaKernels;
import org.halocline.cosmology.cuda.host.HostDevice;
import org.halocline.cosmology.cuda.host.StreamOrder;
import org.halocline.cosmology.cuda.host.StreamOrder.Event;
import org.halocline.cosmology.kernel.Field.Floats;
import org.halocline.cosmology.kernel.Kernels;
import org.halocline.cosmology.kernel.Memory;
import org.halocline.cosmology.mesh.Block;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.cosmology.random.Seeds;
import org.halocline.cosmology.theta.LimitException;
import org.halocline.cosmology.timeline.Edges;
import org.halocline.cosmology.timeline.Scheme;
import org.halocline.cosmology.timeline.Spacing;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whole programs on a device whose copies run beside its kernels: their bits rest on events, and on every kind of them.
 */
@Timeout(300)
class StreamOrderTest {
  /** Long enough along x that particles which touch ghosts are a part of those of a rank. */
  private static final Mesh MESH = new Mesh(32, 5, 6, 330, 50, 60);

  private static int[] bits(Decomposition d, HostDevice device) throws Exception {
    SimulationPlan plan = Cases.plan(MESH, 2, Scheme.BULLFROG, new Edges.Snapshot(3, Spacing.LOG_A), 4);
    float[] noise = Seeds.floats(Seeds.random("streams", 22), (int) MESH.size());
    int[][] x = new int[3][noise.length];
    float[] gradient = new float[noise.length];
    double[] theta = Domains.run(d, (rank, port) -> {
      Kernels kernels = CudaKernels.on(device.open());
      Block block = d.block(rank);
      try (Memory memory = kernels.memory(); Simulation s = new Simulation(plan, d, rank, kernels, port)) {
        Floats z = Cases.floats(memory, MESH, block, noise);
        Observable end = Cases.observable(s);
        s.forward(Cases.LCDM, z, end);
        for (int axis = 0; axis < 3; axis++)
          Cases.collect(memory, MESH, block, s.particles().x()[axis], x[axis]);
        double[] bars = s.reverse(Cases.withCotangent(end), z, z);
        Cases.collect(memory, MESH, block, z, gradient);
        return bars;
      }
    }).getFirst();
    IntStream displacements = Arrays.stream(x).flatMapToInt(Arrays::stream);
    IntStream cotangents = IntStream.range(0, gradient.length).map(i -> Float.floatToIntBits(gradient[i]));
    IntStream parameters = Arrays.stream(theta).mapToObj(Double::doubleToLongBits)
        .flatMapToInt(word -> IntStream.of(word.intValue(), (int) (word >>> 32)));
    return IntStream.concat(displacements, IntStream.concat(cotangents, parameters)).toArray();
  }

  private static HostDevice device(StreamOrder order, Set<Event> forgotten) {
    Optional<HostDevice> device = HostDevice.find(order, forgotten);
    assumeTrue(device.isPresent(), HostDevice::reason);
    return device.orElseThrow();
  }

  private static Decomposition cut(int px, int py) {
    return Decomposition.even(MESH, px, py);
  }

  @ParameterizedTest
  @EnumSource
  void shouldMakeTheSameBitsInAnyOrderOfStreams(StreamOrder order) throws Exception {
    int[] whole = bits(cut(1, 1), device(order, Set.of()));
    for (Decomposition d : List.of(cut(2, 1), cut(3, 1), cut(2, 2)))
      assertArrayEquals(whole, bits(d, device(order, Set.of())), Cases.name(d));
  }

  @ParameterizedTest
  @EnumSource
  void shouldComeOutWrongWithoutAnEvent(Event event) throws Exception {
    int[] right = bits(cut(2, 1), device(StreamOrder.SHUFFLED, Set.of()));
    boolean same = true;
    for (StreamOrder order : StreamOrder.values())
      same &= Arrays.equals(right, bitsOrNone(order, event));
    assertFalse(same, () -> "the same bits without " + event);
  }

  /** Numbers that are wrong may leave their bounds. */
  private static int[] bitsOrNone(StreamOrder order, Event forgotten) throws Exception {
    try {
      return bits(cut(2, 1), device(order, Set.of(forgotten)));
    } catch (LimitException _) {
      return new int[0];
    }
  }
}
