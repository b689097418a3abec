package org.halocline.sampler.kernel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.halocline.cosmology.kernel.ExactSum;
import org.halocline.cosmology.kernel.Field;
import org.halocline.cosmology.kernel.Vectors;
import org.halocline.cosmology.random.NoiseKey;
import org.halocline.sampler.distribution.RandomNumbers;
import org.halocline.sampler.ppl.Evaluation;
import org.halocline.sampler.ppl.Handlers;
import org.halocline.sampler.ppl.LatentField;
import org.halocline.sampler.ppl.Potential;
import org.halocline.sampler.tape.RankScope;

/**
 * Where one chain stands on one rank: all its latent scalars θ and fields z, their momenta, and the gradient of U
 * there. With U the negative log density but for the fields' prior, H = U(θ, z) + ½|z|² + ½|p_z|² + ½ p_θᵀ M⁻¹ p_θ.
 * Fields stay here; all ranks call alike and hold the same scalars. Fields are allocated once. Used by the chain's own
 * thread only.
 */
public final class PhasePoint {
  /** So many draws from the prior are tried as a start. */
  public static final int ATTEMPTS = 100;

  private final Potential potential;
  private final RankScope scope;
  private final long seed;
  private final int chain;
  private final Vectors vectors;
  private final List<Field.Floats> positions;
  private final List<Field.Floats> momenta;
  private final List<Field.Floats> gradients;
  private double[] u;
  private double[] momentum;
  private Evaluation here;

  /** A copy of positions and gradients, with memory of its own. */
  public final class Kept {
    private final List<Field.Floats> keptPositions = allocate();
    private final List<Field.Floats> keptGradients = allocate();
    private double[] keptU = u;
    private Evaluation kept = here;

    /** Copies where the chain stands. */
    public void take() {
      keptU = u.clone();
      kept = here;
      copy(positions, keptPositions);
      copy(gradients, keptGradients);
    }

    /** Puts the chain back to where the copy was taken. */
    public void putBack() {
      u = keptU.clone();
      here = kept;
      copy(keptPositions, positions);
      copy(keptGradients, gradients);
    }
  }

  /** @param seed with the number of the chain, names its random numbers */
  public PhasePoint(Potential potential, RankScope scope, long seed, int chain) {
    this.potential = potential;
    this.scope = scope;
    this.seed = seed;
    this.chain = chain;
    this.vectors = scope.kernels().vectors();
    this.positions = potential.fields().stream().map(LatentField::position).toList();
    this.momenta = allocate();
    this.gradients = allocate();
    this.u = new double[potential.names().size()];
    this.momentum = new double[u.length];
    this.here = new Evaluation(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY, 0, new double[u.length],
        new double[u.length], Map.of(), Map.of(), Optional.of("the chain has not started"));
  }

  /** Floats a site that a chain holds, with copies of position and gradient. */
  public static int floatsPerSite(int copies) {
    return 3 + 2 * copies;
  }

  private List<Field.Floats> allocate() {
    return potential.fields().stream().map(field -> scope.kernels().memory().floats(field.position().size())).toList();
  }

  private void copy(List<Field.Floats> from, List<Field.Floats> to) {
    for (int i = 0; i < from.size(); i++)
      vectors.copy(from.get(i), to.get(i));
  }

  public RankScope scope() {
    return scope;
  }

  /** Names of the scalars. */
  public List<String> names() {
    return potential.names();
  }

  /** The fields; their positions are the chain's. */
  public List<LatentField> fields() {
    return potential.fields();
  }

  /** The scalars on the real line; a copy. */
  public double[] unconstrained() {
    return u.clone();
  }

  /** Density and gradient where the chain stands. */
  public Evaluation here() {
    return here;
  }

  /** The chain's stream of random numbers for a purpose. */
  public NoiseKey key(NoiseKey.Purpose purpose, int draw, int subStep) {
    return new NoiseKey(seed, purpose, chain, draw, subStep);
  }

  /**
   * Draws a start from the prior.
   *
   * @param attempt below {@link #ATTEMPTS}; names the draw
   * @return empty where the density is zero there; {@link Evaluation#outside} then says why
   */
  public Optional<Transition> start(int attempt) {
    NoiseKey key = key(NoiseKey.Purpose.INITIAL, 0, attempt);
    u = potential.draw(key);
    normal(positions, key);
    evaluate();
    return here.inside() ? Optional.of(stay(attempt + 1)) : Optional.empty();
  }

  /**
   * Takes a given state as the chain's; the fields' positions must be there already.
   *
   * @return empty where the density is zero there; {@link Evaluation#outside} then says why
   */
  public Optional<Transition> startAt(double[] unconstrained) {
    if (unconstrained.length != u.length)
      throw new IllegalArgumentException(
          "a state of " + unconstrained.length + " scalars for a program of " + u.length);
    u = unconstrained.clone();
    evaluate();
    return here.inside() ? Optional.of(stay(1)) : Optional.empty();
  }

  /** Goes on from a state that the chain was in before; the fields' positions must be there already. */
  public Transition restore(double[] unconstrained) {
    return startAt(unconstrained).orElseThrow(() -> new IllegalStateException("the restored state of chain " + chain
        + " has no density: " + here.outside().orElseThrow() + "; the checkpoint belongs to another job"));
  }

  private Transition stay(int evaluations) {
    return new Transition(-1, true, 1, Optional.empty(), -logDensity(), 0, logDensity(), u.clone(),
        here.constrained().clone(), here.derived(), evaluations, Map.of());
  }

  /** Draws momenta ~ N(0, M) of the scalars and N(0, 1) of the fields. */
  public void refresh(int draw, Metric metric) {
    NoiseKey key = key(NoiseKey.Purpose.MOMENTUM, draw, 0);
    RandomNumbers numbers = new RandomNumbers(key, Handlers.SCALARS);
    double[] normals = new double[u.length];
    for (int i = 0; i < normals.length; i++)
      normals[i] = numbers.normal();
    normal(momenta, key);
    momentum = metric.momentum(normals);
  }

  private void normal(List<Field.Floats> into, NoiseKey key) {
    for (LatentField field : potential.fields())
      vectors.normal(into.get(field.number()), field.decomposition(), scope.rank(),
          Handlers.ofField(key, field.number()));
  }

  /** p ← p − t ∂U. */
  public void kick(double time) {
    for (int i = 0; i < u.length; i++)
      momentum[i] -= time * here.gradient()[i];
    for (int i = 0; i < momenta.size(); i++)
      vectors.add((float) -time, gradients.get(i), momenta.get(i));
  }

  /**
   * The exact flow of H − U: (z, p_z) turn by the time, θ drifts. The gradient is of the place before until
   * {@link #evaluate}.
   */
  public void drift(double time, Metric metric) {
    double[] velocity = metric.velocity(momentum);
    for (int i = 0; i < u.length; i++)
      u[i] += time * velocity[i];
    for (int i = 0; i < momenta.size(); i++)
      vectors.rotate(positions.get(i), momenta.get(i), time);
  }

  /** Finds density and gradient where the chain stands now. */
  public void evaluate() {
    here = potential.evaluate(u, positions, gradients);
  }

  /** H. */
  public double energy(Metric metric) {
    List<Field.Floats> all = new ArrayList<>(positions);
    all.addAll(momenta);
    return here.potential() + metric.kinetic(momentum) + halfSquares(all);
  }

  /** −U − ½|z|². */
  public double logDensity() {
    return -here.potential() - halfSquares(positions);
  }

  private double halfSquares(List<Field.Floats> all) {
    if (all.isEmpty())
      return 0;
    ExactSum sum = new ExactSum();
    for (int i = 0; i < all.size(); i++) {
      int nz = potential.fields().get(i % positions.size()).decomposition().mesh().nz();
      vectors.dot(all.get(i), all.get(i), nz, 1, sum);
    }
    scope.collectives().sum(sum);
    return 0.5 * sum.value();
  }

  @Override
  public String toString() {
    return "chain " + chain + " at " + Arrays.toString(u);
  }
}
