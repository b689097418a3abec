package org.halocline.cosmology.nbody;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;
import org.halocline.cosmology.background.Coefficients;
import org.halocline.cosmology.background.LimitException;
import org.halocline.cosmology.background.RootPower;
import org.halocline.cosmology.background.Theta;
import org.halocline.cosmology.comm.Collectives;
import org.halocline.cosmology.comm.Port;
import org.halocline.cosmology.kernel.ExactSum;
import org.halocline.cosmology.kernel.Field.Floats;
import org.halocline.cosmology.kernel.Field.Ints;
import org.halocline.cosmology.kernel.Kernels;
import org.halocline.cosmology.kernel.ParticleSet;
import org.halocline.cosmology.kernel.Particles.Moved;
import org.halocline.cosmology.mesh.Block;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.mesh.Mesh;

/**
 * The forward model of one chain on one rank, θ and white noise to particles and lens planes, and its reverse pass, which
 * runs the simulation backwards and keeps no earlier state. All memory is allocated here. Every rank of the domain makes the
 * same calls in the same order, each on its chain's own thread.
 */
public final class Simulation implements AutoCloseable {
  private final Workspace w;
  private final Lpt lpt;
  private final Stepper stepper;
  private final double[][] ownPlanes;
  /** How far particles were in the middle of each step of the last forward pass. */
  private int[][] reaches = new int[0][];
  private Theta theta = Theta.of(List.of());
  private Coefficients coefficients;
  private IntConsumer onStep = _ -> {};

  /** A simulation for forward and reverse passes. */
  public Simulation(SimulationPlan plan, Decomposition decomposition, int rank, Kernels kernels, Port port) {
    this(plan, Purpose.GRADIENT, decomposition, rank, kernels, port);
  }

  public Simulation(SimulationPlan plan, Purpose purpose, Decomposition decomposition, int rank, Kernels kernels,
      Port port) {
    this.w = new Workspace(plan, purpose, decomposition, rank, kernels, port);
    this.lpt = new Lpt(w);
    this.stepper = new Stepper(w);
    this.ownPlanes = new double[plan.planes()][decomposition.block(rank).lines()];
  }

  public SimulationPlan plan() {
    return w.plan;
  }

  /** Called after each step, forward and back, with its number. */
  public void onStep(IntConsumer listener) {
    onStep = listener;
  }

  /** The coefficients of the last forward pass; the same bits on every rank. */
  public Coefficients coefficients() {
    return coefficients;
  }

  /**
   * Runs from noise to a = 1.
   *
   * @param noise N(0, 1) on this rank's block, without ghosts
   * @throws LimitException on every rank alike, when a coefficient, a displacement on any rank, a momentum or the mass of a cell
   * leaves its bounds; the state is then undefined until the next forward pass
   */
  public void forward(Theta theta, Floats noise) throws LimitException {
    initial(theta, noise);
    int steps = coefficients.steps();
    reaches = new int[steps][];
    long mass = 0;
    double[] farthest = steps > 0 ? stepper.drift(coefficients.value(coefficients.driftIn(0))) : new double[3];
    w.collectives.max(farthest);
    for (int step = 0; step < steps; step++) {
      stepper.reaches(farthest);
      checkWithin(farthest, "step " + (step + 1));
      reaches[step] = stepper.reach();
      mass += stepper.paint(-1, w.potential);
      int plane = planeOf(step);
      if (plane >= 0)
        cutPlane(plane);
      stepper.potential();
      Moved moved = stepper.kick(coefficients.value(coefficients.kick(step)), driftsAfterKick(step));
      farthest = checkMoved(moved, step);
      onStep.accept(step);
    }
    checkMass(mass, steps);
  }

  /** The drift that ends a step and the one that the next begins with: nothing looks at the particles between them. */
  private double[] driftsAfterKick(int step) {
    double out = coefficients.value(coefficients.driftOut(step));
    if (step + 1 == coefficients.steps())
      return new double[]{out};
    return new double[]{out, coefficients.value(coefficients.driftIn(step + 1))};
  }

  /** Coefficients, then x and P at a_initial alone: what {@link #forward} begins with and {@link #reverse} comes back to. */
  public void initial(Theta theta, Floats noise) throws LimitException {
    this.theta = theta;
    coefficients = agreeOnCoefficients(theta);
    double[] largest = lpt.forward(coefficients, noise);
    largest[3] /= w.plan.units().momentum();
    w.collectives.max(largest);
    checkState(largest, -1);
  }

  /** Rank 0 computes, all use its bits; a limit is found on all alike. */
  private Coefficients agreeOnCoefficients(Theta theta) throws LimitException {
    Mesh mesh = w.plan.mesh();
    if (w.port.ranks() == 1)
      return Coefficients.compute(theta, w.plan.timeline(), w.plan.lensing(), mesh.kMaxHMpc(), mesh.kMinHMpc());
    double[] header = new double[1];
    double[] flat = new double[0];
    LimitException limit = null;
    if (w.rank == 0) {
      try {
        flat = Coefficients.compute(theta, w.plan.timeline(), w.plan.lensing(), mesh.kMaxHMpc(), mesh.kMinHMpc())
            .toArray();
        header[0] = flat.length;
      } catch (LimitException e) {
        limit = e;
      }
    }
    w.collectives.broadcast(header);
    if (limit != null)
      throw limit;
    if (header[0] == 0)
      return Coefficients.compute(theta, w.plan.timeline(), w.plan.lensing(), mesh.kMaxHMpc(), mesh.kMinHMpc());
    if (w.rank != 0)
      flat = new double[(int) header[0]];
    w.collectives.broadcast(flat);
    return Coefficients.from(flat);
  }

  private void checkDisplacement(double[] largest, String when) throws LimitException {
    w.collectives.max(largest);
    stepper.reaches(largest);
    checkWithin(largest, when);
  }

  /**
   * @param largest |x| by axis over all ranks, cells
   */
  private void checkWithin(double[] largest, String when) throws LimitException {
    for (int axis = 0; axis < 3; axis++) {
      double bound = w.plan.maxDisplacementCells()[axis];
      if (!(largest[axis] <= bound))
        throw new LimitException("largest displacement along " + "xyz".charAt(axis) + " at " + when + ", cells",
            largest[axis], "at most " + bound, "simulation.max-displacement");
    }
  }

  /**
   * What a step ended with, and what the next begins with, are told in one message.
   *
   * @return the largest |x| by axis over all ranks after the last drift, cells
   */
  private double[] checkMoved(Moved moved, int step) throws LimitException {
    double[] first = moved.displacements()[0];
    double[] last = moved.displacements()[moved.displacements().length - 1];
    double[] all = {first[0], first[1], first[2], moved.momentum(), last[0], last[1], last[2]};
    w.collectives.max(all);
    checkState(all, step);
    return Arrays.copyOfRange(all, 4, 7);
  }

  /**
   * @param all |x| by axis, cells, and |P|, quanta: the largest over all ranks; what comes after them is not looked at
   */
  private void checkState(double[] all, int step) throws LimitException {
    stepper.reaches(all);
    String when = step < 0 ? "a-initial" : "step " + (step + 1);
    if (step < 0 && Double.isNaN(all[0] + all[1] + all[2] + all[3]))
      throw new LimitException("largest displacement or momentum at " + when, Double.NaN,
          "finite, as the noise must be",
          "simulation.noise");
    if (!(all[3] < 0x1p31))
      throw new LimitException("largest momentum at " + when + ", quanta", all[3], "below 2^31",
          "simulation.a-initial");
    checkWithin(all, when);
  }

  /** A cell that overflowed int32 shows as a total short of a multiple of 2^32. */
  private void checkMass(long mass, int paints) throws LimitException {
    ExactSum[] sums = {new ExactSum()};
    sums[0].add((double) (mass >> 32));
    ExactSum low = new ExactSum();
    low.add((double) (mass & 0xffffffffL));
    w.collectives.sum(sums[0], low);
    double found = sums[0].value() * 0x1p32 + low.value();
    double expected = (double) w.plan.mesh().size() * w.plan.units().massUnits() * paints;
    if (found != expected)
      throw new LimitException("mass painted over the steps", found, "exactly " + expected + ": a cell overflowed",
          "simulation.mesh");
  }

  /** The plane that a step paints, or −1 before the light cone. */
  private int planeOf(int step) {
    int planes = w.plan.planes();
    int before = coefficients.steps() - planes;
    return step >= before ? planes - 1 - (step - before) : -1;
  }

  private int planeCells() {
    return w.plan.mesh().nz() / w.plan.planes();
  }

  private void cutPlane(int plane) {
    int cells = planeCells();
    double factor = 1.0 / ((double) cells * w.plan.units().massUnits());
    w.kernels.meshes().plane(w.painted, w.paintGrid, plane * cells, (plane + 1) * cells, factor, ownPlanes[plane]);
  }

  /** The planes of the last forward pass on rank 0, [plane][x][y] with mean 1; empty on other ranks. All ranks call it. */
  public double[] planes() {
    int planes = w.plan.planes();
    Decomposition d = w.decomposition;
    double[] own = new double[planes * d.block(w.rank).lines()];
    for (int i = 0; i < planes; i++)
      System.arraycopy(ownPlanes[i], 0, own, i * ownPlanes[i].length, ownPlanes[i].length);
    int[] lengths = new int[d.ranks()];
    for (int rank = 0; rank < lengths.length; rank++)
      lengths[rank] = planes * d.block(rank).lines();
    double[][] all = w.collectives.gather(own, lengths);
    if (w.rank != 0)
      return new double[0];
    Mesh mesh = d.mesh();
    double[] whole = new double[planes * mesh.nx() * mesh.ny()];
    for (int rank = 0; rank < all.length; rank++) {
      Block block = d.block(rank);
      for (int i = 0; i < planes; i++)
        for (int row = 0; row < block.nx(); row++)
          System.arraycopy(all[rank], (i * block.nx() + row) * block.ny(), whole,
              (i * mesh.nx() + block.x0() + row) * mesh.ny() + block.y0(), block.ny());
    }
    return whole;
  }

  /** Paints the present state: the density, mean 1, of this rank's block without ghosts, valid until the next call. */
  public Floats density() throws LimitException {
    // A drift by nothing, for how far particles are: displacements may have been written from outside.
    checkDisplacement(stepper.drift(0), "the present state");
    checkMass(stepper.paint(0, w.xi[0]), 1);
    return w.xi[0];
  }

  /**
   * A field of this rank's block without ghosts for whatever a likelihood needs of that size, such as the density's data: nothing
   * else uses it between a forward pass and the reverse one.
   */
  public Floats spare() {
    return w.xi[1];
  }

  /** Power spectrum of what {@link #density} gave, in memory that this simulation has. */
  public PowerSpectrum.Bin[] power(Floats density) {
    return PowerSpectrum.estimate(density, density,
        new PowerSpectrum.Scratch(w.fourier, w.kernels, w.collectives, w.work, w.work));
  }

  /** The particles of this rank's block. */
  public ParticleSet particles() {
    return w.set;
  }

  /** Displacement, in quanta of {@link SimulationPlan#units()}. */
  public Ints displacement(int axis) {
    return w.x[axis];
  }

  /** Momentum P = p/Πα, in quanta. */
  public Ints momentum(int axis) {
    return w.p[axis];
  }

  /** Cells a quantum of displacement. */
  public double displacementQuantum() {
    return w.plan.units().cell();
  }

  /** p = dx/dD in cells, a quantum of momentum: at the end of a forward pass, or before its first step. */
  public double momentumQuantum(boolean atEnd) {
    return w.plan.units().momentum() * (atEnd ? 1 / coefficients.momentumGrowth() : 1);
  }

  /**
   * Runs the last forward pass backwards and carries the cotangents along. Afterwards x and P are those of a_initial, bit for bit.
   *
   * @param noise the noise of the forward pass
   * @param gradient receives the cotangent of the noise; may be the noise itself, which is then lost
   * @return the cotangent of θ in the order of its names, the same bits on every rank; NaN where it is out of range
   */
  public double[] reverse(Cotangents cotangents, Floats noise, Floats gradient) {
    ExactSum[] sums = sums(coefficients.count());
    double[] planes = new double[0];
    switch (cotangents) {
      case Cotangents.OfDensity(Floats density) -> {
        // The density may lie in ξ's memory.
        w.kernels.meshes().copyInterior(density, w.plainGrid, w.work, w.forceGrid);
        clearCotangents();
        stepper.paintTranspose();
      }
      case Cotangents.OfPlanes(double[] planesOnRoot, double[] weights, double[] distances) -> {
        clearCotangents();
        int count = w.plan.planes() * w.plan.mesh().nx() * w.plan.mesh().ny();
        planes = w.rank == 0 ? planesOnRoot : new double[count];
        w.collectives.broadcast(planes);
        for (int i = 0; i < weights.length; i++)
          sums[coefficients.planeWeight(i / w.plan.planes(), i % w.plan.planes())].add(weights[i]);
        for (int i = 0; i < distances.length; i++)
          sums[coefficients.planeDistance(i)].add(distances[i]);
      }
    }
    int last = coefficients.steps() - 1;
    double[] largest = last < 0 ? new double[3] : driftBack(sums, coefficients.driftOut(last));
    for (int step = last; step >= 0; step--) {
      reverseKick(step, planes, largest, sums);
      largest = step == 0
          ? driftBack(sums, coefficients.driftIn(step))
          : driftBack(sums, coefficients.driftIn(step), coefficients.driftOut(step - 1));
      onStep.accept(step);
    }
    ExactSum[] power = sums(RootPower.PARAMETERS.size());
    lpt.reverse(coefficients, noise, gradient, sums, power);
    w.collectives.sum(concatenate(sums, power));
    double[] values = new double[sums.length];
    for (int i = 0; i < values.length; i++)
      values[i] = sums[i].value();
    double[] byTheta = coefficients.pullBack(values);
    for (int i = 0; i < power.length; i++)
      byTheta[theta.index(RootPower.PARAMETERS.get(i).name())] += power[i].value();
    return byTheta;
  }

  private void clearCotangents() {
    for (int axis = 0; axis < 3; axis++) {
      w.kernels.vectors().fill(w.xi[axis], 0);
      w.kernels.vectors().fill(w.pi[axis], 0);
    }
  }

  /**
   * Back through drifts by these coefficients.
   *
   * @return the largest |π| by axis
   */
  private double[] driftBack(ExactSum[] sums, int... drifts) {
    double[] cs = new double[drifts.length];
    ExactSum[] own = new ExactSum[drifts.length];
    for (int i = 0; i < drifts.length; i++) {
      cs[i] = coefficients.value(drifts[i]);
      own[i] = sums[drifts[i]];
    }
    return stepper.driftTranspose(cs, own);
  }

  private void reverseKick(int step, double[] planes, double[] largest, ExactSum[] sums) {
    int kick = coefficients.kick(step);
    stepper.reach(reaches[step]);
    stepper.paint(-1, w.potential);
    stepper.cotangentBounds(coefficients.value(kick), largest);
    stepper.potential();
    stepper.kickTranspose(coefficients.value(kick), sums[kick]);
    stepper.densityCotangent();
    int plane = planeOf(step);
    if (plane >= 0 && planes.length > 0) {
      int cells = planeCells();
      w.kernels.meshes().addPlane(ownPart(planes, plane), 1.0 / cells, plane * cells, (plane + 1) * cells, w.work,
          w.forceGrid);
    }
    stepper.paintTranspose();
  }

  private double[] ownPart(double[] planes, int plane) {
    Block block = w.decomposition.block(w.rank);
    Mesh mesh = w.plan.mesh();
    double[] own = new double[block.lines()];
    for (int row = 0; row < block.nx(); row++)
      System.arraycopy(planes, (plane * mesh.nx() + block.x0() + row) * mesh.ny() + block.y0(), own, row * block.ny(),
          block.ny());
    return own;
  }

  private static ExactSum[] sums(int count) {
    ExactSum[] sums = new ExactSum[count];
    Arrays.setAll(sums, _ -> new ExactSum());
    return sums;
  }

  private static ExactSum[] concatenate(ExactSum[] a, ExactSum[] b) {
    ExactSum[] all = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, all, a.length, b.length);
    return all;
  }

  /** {@code model ← (model − data)/σ²}; Σ (model − data)²/σ² is added to a sum, on this rank's block. */
  void residual(Floats model, Floats data, double sigma, ExactSum sum) {
    w.kernels.vectors().residual(model, data, sigma, w.plainGrid.nz(), sum);
  }

  /** The means to reach the other ranks, for what is built on a simulation. */
  Collectives collectives() {
    return w.collectives;
  }

  @Override
  public void close() {
    w.close();
  }
}
