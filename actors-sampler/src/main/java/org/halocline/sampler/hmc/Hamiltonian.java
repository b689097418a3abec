package org.halocline.sampler.hmc;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.halocline.cosmology.kernel.ExactSum;
import org.halocline.cosmology.kernel.Field;
import org.halocline.cosmology.kernel.Memory;
import org.halocline.cosmology.kernel.Vectors;
import org.halocline.cosmology.random.NoiseKey;
import org.halocline.sampler.distribution.RandomNumbers;
import org.halocline.sampler.ppl.Evaluation;
import org.halocline.sampler.ppl.Handlers;
import org.halocline.sampler.ppl.Potential;
import org.halocline.sampler.tape.RankScope;

/**
 * The state of one chain on one rank, and how trajectories move it. With U the negative log density but for the field's
 * prior, H = U(θ, z) + ½|z|² + ½|p_z|² + ½ p_θᵀ M⁻¹ p_θ. A step is a half kick by −∂U, the exact flow of the rest for time ε (a
 * rotation of (z, p_z), a straight drift of θ), and a half kick. Field, momentum and gradient stay here; all ranks call
 * alike and hold the same scalars. Fields are allocated once. Used by the chain's own thread only.
 */
public final class Hamiltonian {
  /** An energy error beyond which a trajectory is called divergent, as in Stan. */
  public static final double DIVERGENCE = 1000;

  /** The energy error that a trajectory may have on the way down. */
  public static final double DESCENT = 10;

  /** So many draws from the prior are tried as a start. */
  public static final int ATTEMPTS = 100;

  private final Potential potential;
  private final RankScope scope;
  private final LongSupplier clockNs;
  private final long seed;
  private final int chain;
  private final Vectors vectors;
  private final Optional<Cloud> cloud;
  private double[] u;
  private Evaluation here;

  /** The fields of one chain, if its program has one. */
  private record Cloud(Field.Floats z, Field.Floats momentum, Field.Floats gradient, Field.Floats keptZ,
      Field.Floats keptGradient) {

    static Cloud allocate(Memory memory, int size) {
      return new Cloud(memory.floats(size), memory.floats(size), memory.floats(size), memory.floats(size),
          memory.floats(size));
    }
  }

  /** @param clockNs for reports only */
  public Hamiltonian(Potential potential, RankScope scope, long seed, int chain, LongSupplier clockNs) {
    this.potential = potential;
    this.scope = scope;
    this.clockNs = clockNs;
    this.seed = seed;
    this.chain = chain;
    this.vectors = scope.kernels().vectors();
    this.cloud = !potential.fields().isEmpty()
        ? Optional.of(Cloud.allocate(scope.kernels().memory(), scope.block().size()))
        : Optional.empty();
    this.u = new double[potential.names().size()];
    this.here = outsideStart(u.length);
  }

  /** Floats a site that one chain's sampler holds. */
  public static int floatsPerSite() {
    return 5;
  }

  /**
   * Draws a start from the prior.
   *
   * @param attempt below {@link #ATTEMPTS}; names the draw
   * @return empty where the density is zero there; {@link #outside} then says why
   */
  public Optional<Transition> start(int attempt) {
    long began = clockNs.getAsLong();
    NoiseKey key = new NoiseKey(seed, NoiseKey.Purpose.INITIAL, chain, 0, attempt);
    u = potential.draw(key);
    cloud.ifPresent(fields -> vectors.normal(fields.z, scope.decomposition(), scope.rank(), key));
    here = evaluate();
    return here.inside() ? Optional.of(stay(attempt + 1, began)) : Optional.empty();
  }

  /** Why the density is zero where the chain stands; empty where it is not. */
  public Optional<String> outside() {
    return here.outside();
  }

  /**
   * Takes a given state as the chain's; {@link #field()} must hold the field already.
   *
   * @return empty where the density is zero there; {@link #outside} then says why
   */
  public Optional<Transition> startAt(double[] unconstrained) {
    long began = clockNs.getAsLong();
    if (unconstrained.length != u.length)
      throw new IllegalArgumentException(
          "a state of " + unconstrained.length + " scalars for a program of " + u.length);
    u = unconstrained.clone();
    here = evaluate();
    return here.inside() ? Optional.of(stay(1, began)) : Optional.empty();
  }

  /** Goes on from a state that the chain was in before; {@link #field()} must hold the field already. */
  public Transition restore(double[] unconstrained) {
    return startAt(unconstrained).orElseThrow(() -> new IllegalStateException("the restored state of chain " + chain
        + " has no density: " + here.outside().orElseThrow() + "; the checkpoint belongs to another job"));
  }

  /** This rank's block of the field. */
  public Optional<Field.Floats> field() {
    return cloud.map(Cloud::z);
  }

  /** The scalars on the real line; a copy. */
  public double[] unconstrained() {
    return u.clone();
  }

  /** The program's arrays at the chain's state, on rank 0. */
  public Map<String, double[]> arrays() {
    return here.arrays();
  }

  /** Integrates one trajectory and accepts or rejects its end. */
  public Transition run(TrajectoryPlan plan) {
    long began = clockNs.getAsLong();
    Metric metric = Metric.of(u.length, plan.inverseMetric());
    double[] momentum = refresh(plan, metric);
    double[] keptU = u.clone();
    Evaluation kept = here;
    keep();
    double before = energy(metric, momentum);
    Path path = follow(plan, metric, momentum, before);
    double after = path.divergence.isPresent() ? Double.NaN : energy(metric, momentum);
    double error = after - before;
    Optional<String> divergence = path.divergence.isPresent() ? path.divergence : judge(error);
    double acceptance = divergence.isPresent() ? 0 : Math.min(1, StrictMath.exp(-error));
    boolean accepted = divergence.isEmpty() && accepts(plan, error);
    if (!accepted) {
      u = keptU;
      here = kept;
      putBack();
    }
    return new Transition(plan.draw(), accepted, acceptance, divergence, accepted ? after : before,
        divergence.isPresent() ? Double.NaN : error, logDensity(), u.clone(), here.constrained().clone(),
        here.derived(), path.gradients, clockNs.getAsLong() - began);
  }

  private record Path(int gradients, Optional<String> divergence) {}

  private Path follow(TrajectoryPlan plan, Metric metric, double[] momentum, double before) {
    double step = plan.stepSize();
    kick(momentum, 0.5 * step);
    for (int n = 1; n <= plan.steps(); n++) {
      scope.collectives().port().breathe();
      double[] velocity = metric.velocity(momentum);
      for (int i = 0; i < u.length; i++)
        u[i] += step * velocity[i];
      cloud.ifPresent(fields -> vectors.rotate(fields.z, fields.momentum, step));
      here = evaluate();
      if (!here.inside())
        return new Path(n, here.outside());
      if (!(here.potential() - before < DIVERGENCE))
        return new Path(n, Optional.of("the energy rose by more than " + DIVERGENCE));
      kick(momentum, n < plan.steps() ? step : 0.5 * step);
    }
    return new Path(plan.steps(), Optional.empty());
  }

  private void kick(double[] momentum, double time) {
    for (int i = 0; i < u.length; i++)
      momentum[i] -= time * here.gradient()[i];
    cloud.ifPresent(fields -> vectors.add((float) -time, fields.gradient, fields.momentum));
  }

  private static Optional<String> judge(double error) {
    if (error < DIVERGENCE)
      return Optional.empty();
    return Optional.of("energy error = " + error + " ≥ " + DIVERGENCE);
  }

  private boolean accepts(TrajectoryPlan plan, double error) {
    if (plan.descent())
      return error < DESCENT;
    NoiseKey key = new NoiseKey(seed, NoiseKey.Purpose.ACCEPT, chain, plan.draw(), 0);
    return StrictMath.log(new RandomNumbers(key, 0).uniform()) < -error;
  }

  private double[] refresh(TrajectoryPlan plan, Metric metric) {
    NoiseKey key = new NoiseKey(seed, NoiseKey.Purpose.MOMENTUM, chain, plan.draw(), 0);
    RandomNumbers numbers = new RandomNumbers(key, Handlers.SCALARS);
    double[] normals = new double[u.length];
    for (int i = 0; i < normals.length; i++)
      normals[i] = numbers.normal();
    cloud.ifPresent(fields -> vectors.normal(fields.momentum, scope.decomposition(), scope.rank(), key));
    return metric.momentum(normals);
  }

  private double energy(Metric metric, double[] momentum) {
    return here.potential() + metric.kinetic(momentum)
        + cloud.map(fields -> halfSquares(fields.z, fields.momentum)).orElse(0.0);
  }

  private double logDensity() {
    return -here.potential() - cloud.map(fields -> halfSquares(fields.z)).orElse(0.0);
  }

  private double halfSquares(Field.Floats... fields) {
    ExactSum sum = new ExactSum();
    for (Field.Floats field : fields)
      vectors.dot(field, field, scope.block().nz(), 1, sum);
    scope.collectives().sum(sum);
    return 0.5 * sum.value();
  }

  private Evaluation evaluate() {
    return potential.evaluate(u, cloud.map(Cloud::z).stream().toList(), cloud.map(Cloud::gradient).stream().toList());
  }

  private void keep() {
    cloud.ifPresent(fields -> {
      vectors.copy(fields.z, fields.keptZ);
      vectors.copy(fields.gradient, fields.keptGradient);
    });
  }

  private void putBack() {
    cloud.ifPresent(fields -> {
      vectors.copy(fields.keptZ, fields.z);
      vectors.copy(fields.keptGradient, fields.gradient);
    });
  }

  private Transition stay(int gradients, long began) {
    return new Transition(-1, true, 1, Optional.empty(), -logDensity(), 0, logDensity(), u.clone(),
        here.constrained().clone(), here.derived(), gradients, clockNs.getAsLong() - began);
  }

  private static Evaluation outsideStart(int scalars) {
    return new Evaluation(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY, 0, new double[scalars], new double[scalars], Map.of(), Map.of(),
        Optional.of("the chain has not started"));
  }

  @Override
  public String toString() {
    return "chain " + chain + " at " + Arrays.toString(u);
  }
}
