package org.halocline.cosmology.nbody;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import org.halocline.cosmology.background.Background;
import org.halocline.cosmology.comm.Port;
import org.halocline.cosmology.core.CoreKernels;
import org.halocline.cosmology.kernel.Field.Floats;
import org.halocline.cosmology.kernel.Field.Ints;
import org.halocline.cosmology.kernel.Kernels;
import org.halocline.cosmology.kernel.Memory;
import org.halocline.cosmology.kernel.ParticleSet;
import org.halocline.cosmology.lensing.Born;
import org.halocline.cosmology.lensing.Distance;
import org.halocline.cosmology.lensing.LensingKernel;
import org.halocline.cosmology.lensing.PlaneWeights;
import org.halocline.cosmology.lensing.Sources;
import org.halocline.cosmology.mesh.Block;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.mesh.Grid;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.cosmology.observe.ConvergenceMap;
import org.halocline.cosmology.observe.FinalDensity;
import org.halocline.cosmology.observe.LightCone;
import org.halocline.cosmology.random.Seeds;
import org.halocline.cosmology.theta.LimitException;
import org.halocline.cosmology.theta.Theta;
import org.halocline.cosmology.timeline.Edges;
import org.halocline.cosmology.timeline.Scheme;
import org.halocline.cosmology.timeline.Spacing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Observables: their transposes, alone and several at once, the same bits on every layout. */
@Timeout(300)
class ObservableTest {
  private static final Mesh MESH = new Mesh(8, 10, 12, 80, 100, 120);
  private static final int PIXELS = 7;
  private static final double FIELD_OF_VIEW = 0.5;

  private static SimulationPlan plan() throws LimitException {
    return Cases.plan(MESH, 2, Scheme.BULLFROG, new Edges.LightCone(4, 3, 120), 4);
  }

  private static LensingKernel kernel() {
    Sources sources = new Sources(new double[]{0, 0.1, 0.2}, new double[][]{{0, 1, 1}, {1, 2, 0}});
    return new LensingKernel(sources, 3, 120, Distance.TRANSVERSE);
  }

  private static float[] noise(String name) {
    return Seeds.floats(Seeds.random(name, 27), (int) MESH.size());
  }

  private interface Pass<T> {
    T run(Simulation s, Memory memory, Block block) throws Exception;
  }

  private static <T> List<T> run(Decomposition d, Pass<T> pass) throws Exception {
    SimulationPlan plan = plan();
    return Domains.run(d, (rank, port) -> {
      Kernels kernels = CoreKernels.of();
      try (Memory memory = kernels.memory(); Simulation s = new Simulation(plan, d, rank, kernels, port)) {
        return pass.run(s, memory, d.block(rank));
      }
    });
  }

  /** One after the other, as a job with several data would have them. */
  private record Both(Observable first, Observable second) implements Observable {
    @Override
    public boolean atEnd() {
      return first.atEnd() || second.atEnd();
    }

    @Override
    public void begin(Theta theta) throws LimitException {
      first.begin(theta);
      second.begin(theta);
    }

    @Override
    public void forward(int place, Painted painted) {
      first.forward(place, painted);
      second.forward(place, painted);
    }

    @Override
    public void addCotangent(int place, Floats density, Grid grid) {
      first.addCotangent(place, density, grid);
      second.addCotangent(place, density, grid);
    }

    @Override
    public void addGradient(double[] gradient) {
      first.addGradient(gradient);
      second.addGradient(gradient);
    }
  }

  /** ⟨c, planes(m)⟩ = ⟨planesᵀ c, m⟩: planes are linear in the painted mass, and sums of integers are exact. */
  @Test
  void shouldTransposePlanes() throws Exception {
    SplittableRandom random = Seeds.random("planes", 28);
    int[] mass = random.ints(MESH.size(), 0, 1 << 24).toArray();
    double[] c = random.doubles(3L * MESH.nx() * MESH.ny(), -1, 1).toArray();
    for (Decomposition d : Cases.layouts(MESH)) {
      float[] pulled = new float[mass.length];
      double[] planes = run(d, (s, memory, block) -> {
        Grid grid = new Grid(block.nx(), block.ny(), block.nz(), 0, 0);
        Ints painted = memory.ints(grid.size());
        Cases.lines(MESH, block, grid, (at, local, count) -> memory.write(mass, at, painted, local, count));
        LightCone cone = new LightCone(s);
        ParticleSet particles = ParticleSet.of(memory, grid, s.plan().units(), false);
        Floats density = memory.floats(grid.size());
        s.kernels().vectors().fill(density, 0);
        for (int step = 0; step < 7; step++)
          cone.forward(step, new Observable.Painted(painted, grid, density, particles));
        double[] found = cone.planes();
        cone.cotangent(c);
        for (int step = 6; step >= 0; step--)
          cone.addCotangent(step, density, grid);
        Cases.collect(memory, MESH, block, density, pulled);
        return found;
      }).getFirst();
      double left = 0;
      for (int i = 0; i < c.length; i++)
        left += c[i] * planes[i];
      double right = 0;
      for (int i = 0; i < mass.length; i++)
        right += (double) pulled[i] * mass[i] / plan().units().massUnits();
      assertTrue(Math.abs(left) > 0.1, "nothing is tested by " + left);
      assertEquals(left, right, 1e-6 * Arrays.stream(c).map(Math::abs).sum(), Cases.name(d));
    }
  }

  /** The gradient by θ of a map is that of its planes, and what flows through weights and distances of the planes. */
  @Test
  void shouldCarryWeightsAndDistancesOfThePlanesBack() throws Exception {
    float[] noise = noise("distances");
    double[] c = Seeds.random("map", 29).doubles(2 * PIXELS * PIXELS, -1, 1).toArray();
    PlaneWeights weights = PlaneWeights.compute(Background.within(Cases.LCDM), kernel());
    Born born = new Born(8, 10, 80, 100, 120, 3, FIELD_OF_VIEW, PIXELS);
    born.aim(weights.distances());
    double[][] pulled = new double[3][];
    Decomposition d = Decomposition.even(MESH, 2, 1);
    List<double[]> ofPlanes = run(d, (s, memory, block) -> {
      Floats z = Cases.floats(memory, MESH, block, noise);
      LightCone cone = new LightCone(s);
      s.forward(Cases.LCDM, z, cone);
      double[] planes = cone.planes();
      double[] back = new double[planes.length];
      if (s.rank() == 0) {
        pulled[0] = new double[6];
        pulled[1] = new double[3];
        born.transpose(c, planes, weights.weights(), back, pulled[0], pulled[1]);
      }
      cone.cotangent(back);
      return s.reverse(cone, z, z);
    });
    List<double[]> ofMaps = run(d, (s, memory, block) -> {
      Floats z = Cases.floats(memory, MESH, block, noise);
      ConvergenceMap maps = new ConvergenceMap(s, kernel(), FIELD_OF_VIEW, PIXELS);
      s.forward(Cases.LCDM, z, maps);
      assertEquals(s.rank() == 0 ? c.length : 0, maps.convergence().length);
      maps.cotangent(c);
      return s.reverse(maps, z, z);
    });
    double[] past = new double[8];
    weights.coefficients().addPullBack(
        DoubleStream.concat(Arrays.stream(pulled[0]), Arrays.stream(pulled[1])).toArray(), past);
    assertTrue(past[Cases.LCDM.index("omega-k")] != 0 && past[Cases.LCDM.index("omega-m")] != 0);
    for (int p = 0; p < 8; p++)
      assertEquals(ofPlanes.getFirst()[p] + past[p], ofMaps.getFirst()[p],
          1e-12 * (Math.abs(ofPlanes.getFirst()[p]) + Math.abs(past[p])));
    assertArrayEquals(ofMaps.getFirst(), ofMaps.getLast());
  }

  /** An observable of the particles themselves: Σ c · x at the end, whose gradient is its central difference. */
  @Test
  void shouldTakeCotangentsOfParticles() throws Exception {
    float[] noise = noise("particles");
    SplittableRandom random = Seeds.random("direction", 30);
    float[] direction = Seeds.floats(random, noise.length);
    float[][] c = {Seeds.floats(random, noise.length), Seeds.floats(random, noise.length),
        Seeds.floats(random, noise.length)};
    double step = 1e-2;
    double slope = (sumOfDisplacements(noise, direction, step, c) - sumOfDisplacements(noise, direction, -step, c))
        / (2 * step);
    float[] gradient = new float[noise.length];
    run(Decomposition.even(MESH, 1, 1), (s, memory, block) -> {
      Observable sum = new Observable() {
        @Override
        public boolean atEnd() {
          return true;
        }

        @Override
        public void forward(int place, Painted painted) {}

        @Override
        public void addCotangent(int place, ParticleSet particles) {
          for (int axis = 0; axis < 3 && place == s.coefficients().steps(); axis++)
            s.kernels().vectors().add(1, Cases.floats(memory, MESH, block, c[axis]), particles.xi()[axis]);
        }
      };
      Floats z = Cases.floats(memory, MESH, block, noise);
      s.forward(Cases.LCDM, z, sum);
      double[] theta = s.reverse(sum, z, z);
      Cases.collect(memory, MESH, block, z, gradient);
      return theta;
    });
    double found = Cases.dot(gradient, direction);
    System.out.println("slope " + slope + ", by the gradient " + found);
    assertEquals(slope, found, 2e-3 * Cases.norm(gradient) * Cases.norm(direction) / Math.sqrt(noise.length));
    assertTrue(Math.abs(slope) > 0.1, "nothing is tested by " + slope);
  }

  private static double sumOfDisplacements(float[] noise, float[] direction, double step, float[][] c)
      throws Exception {
    float[] moved = new float[noise.length];
    for (int i = 0; i < moved.length; i++)
      moved[i] = (float) (noise[i] + step * direction[i]);
    return run(Decomposition.even(MESH, 1, 1), (s, memory, block) -> {
      s.forward(Cases.LCDM, Cases.floats(memory, MESH, block, moved));
      double sum = 0;
      for (int axis = 0; axis < 3; axis++) {
        int[] x = new int[moved.length];
        Cases.collect(memory, MESH, block, s.particles().x()[axis], x);
        for (int i = 0; i < x.length; i++)
          sum += c[axis][i] * x[i] * s.plan().units().cell();
      }
      return sum;
    }).getFirst();
  }

  private record Seen(double[] kappa, float[] density, float[] gradient, double[] theta) {}

  private static Seen seen(Decomposition d, boolean map, boolean end) throws Exception {
    float[] noise = noise("several");
    float[] density = new float[noise.length];
    float[] gradient = new float[noise.length];
    double[][] kappa = {{}};
    double[] theta = run(d, (s, memory, block) -> {
      Floats z = Cases.floats(memory, MESH, block, noise);
      ConvergenceMap maps = new ConvergenceMap(s, kernel(), FIELD_OF_VIEW, PIXELS);
      FinalDensity last = new FinalDensity(s);
      Observable all = map ? end ? new Both(maps, last) : maps : last;
      s.forward(Cases.LCDM, z, all);
      if (map) {
        double[] found = maps.convergence();
        if (s.rank() == 0)
          kappa[0] = found;
        maps.cotangent(Arrays.stream(found).map(value -> 1e4 * value).toArray());
      }
      if (end) {
        Cases.collect(memory, MESH, block, last.density(), density);
        last.cotangent(last.density());
      }
      double[] back = s.reverse(all, z, z);
      Cases.collect(memory, MESH, block, z, gradient);
      return back;
    }).getFirst();
    return new Seen(kappa[0], density, gradient, theta);
  }

  @Test
  void shouldLookAtSeveralAtOnce() throws Exception {
    Decomposition whole = Decomposition.even(MESH, 1, 1);
    Seen map = seen(whole, true, false);
    Seen end = seen(whole, false, true);
    Seen both = seen(whole, true, true);
    assertArrayEquals(map.kappa, both.kappa);
    assertArrayEquals(end.density, both.density);
    double scale = Cases.norm(map.gradient) / Math.sqrt(map.gradient.length);
    assertTrue(Cases.norm(end.gradient) > 0 && scale > 0);
    double largest = Math.max(scale, Cases.norm(end.gradient) / Math.sqrt(end.gradient.length));
    for (int i = 0; i < both.gradient.length; i++)
      assertEquals(map.gradient[i] + end.gradient[i], both.gradient[i], 1e-3 * largest);
    for (int p = 0; p < 8; p++)
      assertEquals(map.theta[p] + end.theta[p], both.theta[p],
          1e-4 * (Math.abs(map.theta[p]) + Math.abs(end.theta[p])));
  }

  @Test
  void shouldSeeTheSameBitsOnEveryLayout() throws Exception {
    Seen whole = seen(Cases.layouts(MESH).getFirst(), true, true);
    for (Decomposition d : Cases.layouts(MESH)) {
      Seen cut = seen(d, true, true);
      assertArrayEquals(whole.kappa, cut.kappa, Cases.name(d));
      assertArrayEquals(whole.density, cut.density, Cases.name(d));
      assertArrayEquals(whole.gradient, cut.gradient, Cases.name(d));
      assertArrayEquals(whole.theta, cut.theta, Cases.name(d));
    }
  }

  @Test
  void shouldRefuseLensingThatDoesNotFitTheLightCone() throws Exception {
    for (Edges edges : List.of(new Edges.Snapshot(5, Spacing.A), new Edges.LightCone(3, 4, 120))) {
      SimulationPlan other = Cases.plan(MESH, 2, Scheme.BULLFROG, edges, 4);
      Kernels kernels = CoreKernels.of();
      try (Memory _ = kernels.memory();
          Simulation s = new Simulation(other, Decomposition.even(MESH, 1, 1), 0, kernels,
              Port.solo())) {
        assertThrows(IllegalArgumentException.class,
            () -> new ConvergenceMap(s, kernel(), FIELD_OF_VIEW, PIXELS));
      }
    }
  }
}
