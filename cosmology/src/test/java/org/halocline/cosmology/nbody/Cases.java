package org.halocline.cosmology.nbody;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.halocline.cosmology.background.Cosmology;
import org.halocline.cosmology.comm.Collectives;
import org.halocline.cosmology.comm.Port;
import org.halocline.cosmology.kernel.Field.Floats;
import org.halocline.cosmology.kernel.Field.Ints;
import org.halocline.cosmology.kernel.FixedPoint;
import org.halocline.cosmology.kernel.Kernels;
import org.halocline.cosmology.kernel.Memory;
import org.halocline.cosmology.mesh.Block;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.mesh.Grid;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.cosmology.mesh.Split;
import org.halocline.cosmology.observe.FinalDensity;
import org.halocline.cosmology.observe.LightCone;
import org.halocline.cosmology.theta.LimitException;
import org.halocline.cosmology.theta.Theta;
import org.halocline.cosmology.timeline.Edges;
import org.halocline.cosmology.timeline.Scheme;
import org.halocline.cosmology.timeline.StepCoefficients;
import org.halocline.cosmology.timeline.Timeline;
import org.halocline.cosmology.transform.Fourier;

/** What tests of a whole domain share: plans, layouts, and global arrays dealt to blocks and collected again. */
final class Cases {
  static final Theta LCDM = new Cosmology(.3089, .0486, .6774, .9667, .8159, -1, 0, 0).theta();

  private Cases() {}

  static SimulationPlan plan(Mesh mesh, int lptOrder, Scheme scheme, Edges edges, double max) throws LimitException {
    Timeline timeline = new Timeline(0.1, lptOrder, scheme, edges);
    return new SimulationPlan(mesh, timeline, new double[]{max, max, max},
        FixedPoint.of(max, coefficients(mesh, timeline).momentumGrowth()));
  }

  static StepCoefficients coefficients(Mesh mesh, Timeline timeline) throws LimitException {
    return StepCoefficients.compute(LCDM, timeline, mesh.kMaxHMpc(), mesh.kMinHMpc());
  }

  /** What a likelihood of a whole job looks at: the planes of a light cone, or the density at the end. */
  static Observable observable(Simulation s) {
    return s.plan().planes() > 0 ? new LightCone(s) : new FinalDensity(s);
  }

  /** Gives an observable the cotangent planes − 1, or the density itself. */
  static Observable withCotangent(Observable observable) {
    switch (observable) {
      case LightCone cone -> cone.cotangent(Arrays.stream(cone.planes()).map(value -> value - 1).toArray());
      case FinalDensity end -> end.cotangent(end.density());
      default -> throw new IllegalArgumentException("not of these tests: " + observable);
    }
    return observable;
  }

  /** Even and uneven cuts that the mesh allows, the whole first. */
  static List<Decomposition> layouts(Mesh mesh) {
    List<Decomposition> layouts = new ArrayList<>();
    int[][] parts = {{1, 1}, {2, 1}, {1, 3}, {2, 2}, {3, 2}};
    for (int[] p : parts)
      if (p[0] <= mesh.nx() && p[1] <= mesh.ny())
        layouts.add(Decomposition.even(mesh, p[0], p[1]));
    if (mesh.nx() > 2 && mesh.ny() > 2) {
      layouts.add(new Decomposition(mesh, Split.of(1, mesh.nx() - 1), Split.of(mesh.ny())));
      layouts.add(new Decomposition(mesh, Split.of(mesh.nx() - 2, 1, 1), Split.of(1, mesh.ny() - 1)));
    }
    return layouts;
  }

  static String name(Decomposition d) {
    return d.px() + "×" + d.py() + " " + d.x() + " " + d.y();
  }

  interface Line {
    void at(int whole, int local, int count);
  }

  /** Every z line of a block: where it lies in the global array and on the grid. */
  static void lines(Mesh mesh, Block block, Grid grid, Line line) {
    for (int i = 0; i < block.nx(); i++)
      for (int j = 0; j < block.ny(); j++)
        line.at(((block.x0() + i) * mesh.ny() + block.y0() + j) * mesh.nz(), grid.line(i, j), mesh.nz());
  }

  static void scatter(Workspace w, float[] whole, Floats into, Grid grid) {
    lines(w.plan.mesh(), w.decomposition.block(w.rank), grid,
        (at, local, count) -> w.kernels.memory().write(whole, at, into, local, count));
  }

  static void gather(Workspace w, Floats from, Grid grid, float[] whole) {
    lines(w.plan.mesh(), w.decomposition.block(w.rank), grid,
        (at, local, count) -> w.kernels.memory().read(from, local, whole, at, count));
  }

  static void scatter(Workspace w, int[] whole, Ints into, Grid grid) {
    lines(w.plan.mesh(), w.decomposition.block(w.rank), grid,
        (at, local, count) -> w.kernels.memory().write(whole, at, into, local, count));
  }

  static void gather(Workspace w, Ints from, Grid grid, int[] whole) {
    lines(w.plan.mesh(), w.decomposition.block(w.rank), grid,
        (at, local, count) -> w.kernels.memory().read(from, local, whole, at, count));
  }

  /** A block without ghosts of a global array. */
  static Floats floats(Memory memory, Mesh mesh, Block block, float[] whole) {
    Floats field = memory.floats(block.size());
    lines(mesh, block, new Grid(block.nx(), block.ny(), block.nz(), 0, 0),
        (at, local, count) -> memory.write(whole, at, field, local, count));
    return field;
  }

  /** Bins of the power of two fields, by a transform of their own. */
  static PowerSpectrum.Bin[] power(Floats a, Floats b, Decomposition decomposition, int rank, Kernels kernels,
      Port port) {
    try (Arena arena = Arena.ofShared()) {
      Fourier fourier = new Fourier(decomposition, rank, kernels, port, kernels.memory()::staging);
      Floats spectrumA = kernels.memory().floats(fourier.floats());
      Floats spectrumB = a == b ? spectrumA : kernels.memory().floats(fourier.floats());
      return PowerSpectrum.estimate(a, b,
          new PowerSpectrum.Scratch(fourier, kernels, new Collectives(port, arena), spectrumA, spectrumB));
    }
  }

  static void collect(Memory memory, Mesh mesh, Block block, Floats from, float[] whole) {
    lines(mesh, block, new Grid(block.nx(), block.ny(), block.nz(), 0, 0),
        (at, local, count) -> memory.read(from, local, whole, at, count));
  }

  static void collect(Memory memory, Mesh mesh, Block block, Ints from, int[] whole) {
    lines(mesh, block, new Grid(block.nx(), block.ny(), block.nz(), 0, 0),
        (at, local, count) -> memory.read(from, local, whole, at, count));
  }

  /** Displacements up to a largest one, some of them exactly that, three axes. */
  static int[][] displacements(SplittableRandom random, int count, double max, FixedPoint units) {
    int largest = (int) Math.rint(max / units.cell());
    int[][] x = new int[3][count];
    for (int[] axis : x)
      for (int i = 0; i < count; i++)
        axis[i] = switch (random.nextInt(12)) {
          case 0 -> largest;
          case 1 -> -largest;
          case 2 -> 0;
          default -> random.nextInt(-largest, largest + 1);
        };
    return x;
  }

  static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++)
      sum += (double) a[i] * b[i];
    return sum;
  }

  static double norm(float[] a) {
    return Math.sqrt(dot(a, a));
  }
}
