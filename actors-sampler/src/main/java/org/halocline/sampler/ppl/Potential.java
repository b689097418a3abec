package org.halocline.sampler.ppl;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.halocline.cosmology.kernel.Field;
import org.halocline.cosmology.random.NoiseKey;
import org.halocline.sampler.distribution.ScalarDistribution;
import org.halocline.sampler.distribution.WhiteNoise;
import org.halocline.sampler.tape.Gathered;
import org.halocline.sampler.tape.OutsideSupportException;
import org.halocline.sampler.tape.RankScope;
import org.halocline.sampler.tape.Scalar;
import org.halocline.sampler.tape.Sharded;
import org.halocline.sampler.tape.Tape;

/**
 * A model as a sampler sees it on one rank: an unconstrained vector and at most one white-noise field go in, minus the log
 * density and its gradient come out. All ranks evaluate together. Used by the chain's own thread only.
 */
public final class Potential {
  private final Model model;
  private final RankScope scope;
  private final List<String> names = new ArrayList<>();
  private final List<ScalarDistribution> distributions = new ArrayList<>();
  private Optional<String> fieldName = Optional.empty();

  private Potential(Model model, RankScope scope) {
    this.model = model;
    this.scope = scope;
  }

  /**
   * Finds the model's latent sites by running it once at the middle of its priors with a field of zeros.
   *
   * @throws IllegalArgumentException if the model cannot be sampled: no latent site, two fields, or a scaled field
   * @throws OutsideSupportException if the model has no density even there
   */
  public static Potential of(Model model, RankScope scope) {
    Potential potential = new Potential(model, scope);
    new Program(scope, new Tape(scope)).within(potential.new Discovery(), model);
    if (potential.names.isEmpty() && potential.fieldName.isEmpty())
      throw new IllegalArgumentException("the program has nothing to sample: every site has a value");
    return potential;
  }

  /** Names of the latent scalars, in the order of the program. */
  public List<String> names() {
    return List.copyOf(names);
  }

  /** Whether the program has a latent field. */
  public boolean hasField() {
    return fieldName.isPresent();
  }

  /** A draw of the latent scalars from their priors, as points of the real line. */
  public double[] draw(NoiseKey key) {
    double[] u = new double[names.size()];
    for (int i = 0; i < u.length; i++)
      u[i] = Handlers.draw(distributions.get(i), key, i);
    return u;
  }

  /**
   * Density and gradient at a point.
   *
   * @param u the latent scalars on the real line
   * @param field the latent field, ignored if the program has none
   * @param fieldGradient overwritten by the gradient of likelihood + prior by the field
   */
  public Evaluation evaluate(double[] u, Optional<Field.Floats> field, Optional<Field.Floats> fieldGradient) {
    Tape tape = new Tape(scope);
    Latents latents = new Latents(tape, u, field, fieldGradient);
    try {
      new Program(scope, tape).within(latents, model);
    } catch (OutsideSupportException outside) {
      return Evaluation.outside(u.length, outside.getMessage());
    }
    double likelihood = -latents.likelihood.value();
    double prior = -latents.prior.value();
    if (!Double.isFinite(likelihood) || !Double.isFinite(prior))
      return Evaluation.outside(u.length, "log density = " + -(likelihood + prior) + " is not finite");
    tape.reverse(latents.likelihood.plus(latents.prior).negate(), latents.fields);
    double[] gradient = new double[u.length];
    double[] constrained = new double[u.length];
    for (int i = 0; i < u.length; i++) {
      gradient[i] = latents.leaves.get(i).cotangent();
      constrained[i] = latents.values.get(i).value();
      if (!Double.isFinite(gradient[i]))
        return Evaluation.outside(u.length, "the gradient by " + names.get(i) + " is not finite");
    }
    return new Evaluation(likelihood, prior, gradient, constrained, latents.derived, latents.arrays, Optional.empty());
  }

  /** What a latent field's site must be for a sampler that solves its prior. */
  private static void checkField(Site site) {
    if (site.scale() != 1 || !site.counted())
      throw new IllegalArgumentException(
          "the field '" + site.name() + "' is scaled or masked; only N(0, 1) can be sampled");
  }

  private final class Discovery implements Handler {
    @Override
    public void enter(Site site) {
      if (site.kind() != Site.Kind.SAMPLE || site.value().isPresent())
        return;
      switch (site.distribution().orElseThrow()) {
        case ScalarDistribution scalar -> {
          names.add(site.name());
          distributions.add(scalar);
          site.substitute(scalar.constrain(Scalar.constant(0)));
        }
        case WhiteNoise noise -> {
          if (fieldName.isPresent())
            throw new IllegalArgumentException(
                "the program has two latent fields, '" + fieldName.get() + "' and '" + site.name()
                    + "'; one can be sampled");
          if (!noise.mesh().equals(scope.decomposition().mesh()))
            throw new IllegalArgumentException(
                "the field '" + site.name() + "' is on another mesh than the domain: " + noise.mesh());
          checkField(site);
          fieldName = Optional.of(site.name());
          site.substitute(Sharded.constant(scope.kernels().memory().floats(scope.block().size())));
        }
        default -> throw new IllegalArgumentException("the site '" + site.name() + "' can only be observed");
      }
    }
  }

  /** Gives latent sites the sampler's point and adds up densities. */
  private final class Latents implements Handler {
    private final Tape tape;
    private final double[] u;
    private final Optional<Field.Floats> field;
    private final Optional<Field.Floats> fieldGradient;
    private final List<Scalar> leaves = new ArrayList<>();
    private final List<Scalar> values = new ArrayList<>();
    private final List<Sharded> fields = new ArrayList<>();
    private final Map<String, Double> derived = new LinkedHashMap<>();
    private final Map<String, double[]> arrays = new LinkedHashMap<>();
    private Scalar likelihood = Scalar.constant(0);
    private Scalar prior = Scalar.constant(0);
    private Optional<String> given = Optional.empty();

    Latents(Tape tape, double[] u, Optional<Field.Floats> field, Optional<Field.Floats> fieldGradient) {
      this.tape = tape;
      this.u = u;
      this.field = field;
      this.fieldGradient = fieldGradient;
    }

    @Override
    public void enter(Site site) {
      if (site.kind() != Site.Kind.SAMPLE || site.value().isPresent())
        return;
      switch (site.distribution().orElseThrow()) {
        case ScalarDistribution scalar -> {
          int at = leaves.size();
          if (at >= names.size() || !names.get(at).equals(site.name()))
            throw new IllegalStateException("the program's sites changed between runs: '" + site.name() + "'");
          Scalar leaf = tape.leaf(u[at]);
          leaves.add(leaf);
          Scalar value = scalar.constrain(leaf);
          values.add(value);
          site.substitute(value);
          if (site.counted())
            prior = prior.plus(scalar.logDensityUnconstrained(leaf).times(site.scale()));
          given = Optional.of(site.name());
        }
        case WhiteNoise noise -> {
          checkField(site);
          Sharded leaf = tape.leaf(field.orElseThrow(), fieldGradient.orElseThrow());
          fields.add(leaf);
          site.substitute(leaf);
          given = Optional.of(site.name());
        }
        default -> throw new IllegalStateException("the site '" + site.name() + "' can only be observed");
      }
    }

    @Override
    public void leave(Site site) {
      if (site.kind() == Site.Kind.DETERMINISTIC)
        record(site);
      else if (!given.equals(Optional.of(site.name())) && site.counted())
        likelihood = likelihood.plus(Densities
            .of(site.distribution().orElseThrow(), site.value().orElseThrow(), tape, scope).times(site.scale()));
    }

    private void record(Site site) {
      switch (site.value().orElseThrow()) {
        case Scalar scalar -> derived.put(site.name(), scalar.value());
        case Gathered array -> arrays.put(site.name(), array.values());
        case Sharded sharded -> {
        }
      }
    }
  }
}
