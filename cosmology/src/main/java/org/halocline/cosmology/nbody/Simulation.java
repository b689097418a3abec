package org.halocline.cosmology.nbody;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntConsumer;
import org.halocline.cosmology.background.Background;
import org.halocline.cosmology.comm.Collectives;
import org.halocline.cosmology.comm.Port;
import org.halocline.cosmology.kernel.ExactSum;
import org.halocline.cosmology.kernel.Field.Floats;
import org.halocline.cosmology.kernel.Kernels;
import org.halocline.cosmology.kernel.ParticleSet;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.cosmology.power.RootPower;
import org.halocline.cosmology.theta.LimitException;
import org.halocline.cosmology.theta.Theta;
import org.halocline.cosmology.timeline.StepCoefficients;

/**
 * The forward model of one chain on one rank, θ and white noise to particles, and its reverse pass, which runs the
 * simulation backwards and keeps no earlier state. All memory is allocated here. Every rank of the domain makes the
 * same calls in the same order, each on its chain's own thread.
 */
public final class Simulation implements AutoCloseable {
  private final Workspace w;
  private final Lpt lpt;
  private final Stepper stepper;
  private final Limits limits;
  private Theta theta = Theta.of(List.of());
  private Optional<Background> background = Optional.empty();
  private StepCoefficients coefficients;
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
    this.limits = new Limits(plan, w.collectives);
  }

  public SimulationPlan plan() {
    return w.plan;
  }

  /** Called after each step, forward and back, with its number. */
  public void onStep(IntConsumer listener) {
    onStep = listener;
  }

  /** The coefficients of the last forward pass; the same bits on every rank. */
  public StepCoefficients coefficients() {
    return coefficients;
  }

  /** Runs from noise to a = 1. */
  public void forward(Theta theta, Floats noise) throws LimitException {
    forward(theta, noise, Observable.NONE);
  }

  /**
   * Runs from noise to a = 1.
   *
   * @param noise N(0, 1) on this rank's block, without ghosts
   * @throws LimitException on every rank alike, when a coefficient, a displacement on any rank, a momentum or the mass
   * of a cell leaves its bounds; the state is then undefined until the next forward pass
   */
  public void forward(Theta theta, Floats noise, Observable observable) throws LimitException {
    initial(theta, noise, observable);
    stepper.begin(coefficients);
    for (int step = 0; step < coefficients.steps(); step++) {
      stepper.forward(step, observable);
      onStep.accept(step);
    }
    stepper.end();
    if (observable.atEnd())
      observable.forward(coefficients.steps(), stepper.painted(density()));
  }

  /**
   * Coefficients, then x and P at a_initial alone: the state that {@link #forward} begins with and {@link #reverse}
   * comes back to.
   */
  void initial(Theta theta, Floats noise, Observable observable) throws LimitException {
    this.theta = theta;
    background = Optional.empty();
    Mesh mesh = w.plan.mesh();
    coefficients = agree(
        point -> StepCoefficients.compute(point, w.plan.timeline(), mesh.kMaxHMpc(), mesh.kMinHMpc()),
        StepCoefficients::toArray, StepCoefficients::from);
    observable.begin(theta);
    double[] largest = lpt.forward(coefficients, noise);
    largest[3] /= w.plan.units().momentum();
    limits.initial(largest);
  }

  /** Numbers that follow from the background of θ. */
  @FunctionalInterface
  public interface ByBackground<T> {
    T compute(Background background) throws LimitException;
  }

  /**
   * Numbers that follow from the θ of this forward pass: rank 0 computes them, and every rank uses rank 0's bits.
   *
   * @throws LimitException on every rank alike
   */
  public <T> T agree(ByBackground<T> numbers, Function<T, double[]> toArray, Function<double[], T> from)
      throws LimitException {
    if (w.port.ranks() == 1)
      return numbers.compute(background());
    double[] flat = {};
    Optional<LimitException> limit = Optional.empty();
    if (w.rank == 0)
      try {
        flat = toArray.apply(numbers.compute(background()));
      } catch (LimitException e) {
        limit = Optional.of(e);
      }
    double[] length = {flat.length};
    w.collectives.broadcast(length);
    if (limit.isPresent())
      throw limit.get();
    if (length[0] == 0)
      return numbers.compute(background()); // meets the limit that rank 0 met
    if (w.rank != 0)
      flat = new double[(int) length[0]];
    w.collectives.broadcast(flat);
    return from.apply(flat);
  }

  private Background background() throws LimitException {
    if (background.isEmpty())
      background = Optional.of(Background.within(theta));
    return background.get();
  }

  /** Paints the present state: the density, mean 1, of this rank's block without ghosts, valid until the next call. */
  public Floats density() throws LimitException {
    return stepper.density();
  }

  /**
   * A field of this rank's block without ghosts that a likelihood may use between a forward pass and the reverse one,
   * such as for the density's data.
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

  /** p = dx/dD in cells, a quantum of momentum: at the end of a forward pass, or before its first step. */
  public double momentumQuantum(boolean atEnd) {
    return w.plan.units().momentum() * (atEnd ? 1 / coefficients.momentumGrowth() : 1);
  }

  /**
   * Runs the last forward pass backwards and carries the cotangents along. Afterwards x and P are those of a_initial,
   * bit for bit.
   *
   * @param observable of the forward pass, which has its cotangents by now
   * @param noise the noise of the forward pass
   * @param gradient receives the cotangent of the noise; may be the noise itself, which is then lost
   * @return the cotangent of θ in the order of its names, the same bits on every rank; NaN where it is out of range
   */
  public double[] reverse(Observable observable, Floats noise, Floats gradient) {
    ExactSum[] sums = sums(coefficients.count());
    stepper.densityAdjoint(observable);
    for (int step = coefficients.steps() - 1; step >= 0; step--) {
      stepper.reverse(step, observable, sums);
      onStep.accept(step);
    }
    ExactSum[] power = sums(RootPower.PARAMETERS.size());
    lpt.reverse(coefficients, noise, gradient, sums, power);
    w.collectives.sum(concatenate(sums, power));
    double[] byTheta = coefficients.pullBack(Arrays.stream(sums).mapToDouble(ExactSum::value).toArray());
    observable.addGradient(byTheta);
    for (int i = 0; i < power.length; i++)
      byTheta[theta.index(RootPower.PARAMETERS.get(i).name())] += power[i].value();
    return byTheta;
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

  public Decomposition decomposition() {
    return w.decomposition;
  }

  public int rank() {
    return w.rank;
  }

  public Kernels kernels() {
    return w.kernels;
  }

  /** Sums and broadcasts among the ranks of this domain, for observables and likelihoods. */
  public Collectives collectives() {
    return w.collectives;
  }

  @Override
  public void close() {
    w.close();
  }
}
