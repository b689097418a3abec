package org.halocline.sampler.ppl;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.halocline.cosmology.kernel.Field;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.cosmology.random.NoiseKey;
import org.halocline.sampler.distribution.Latent;
import org.halocline.sampler.distribution.ScalarDistribution;
import org.halocline.sampler.tape.Gathered;
import org.halocline.sampler.tape.OutsideSupportException;
import org.halocline.sampler.tape.RankScope;
import org.halocline.sampler.tape.Scalar;
import org.halocline.sampler.tape.Sharded;
import org.halocline.sampler.tape.Tape;

/**
 * A model as a sampler sees it on one rank: an unconstrained vector and white-noise fields go in, minus the log density
 * and its gradient come out. The prior of the fields is left out, because samplers solve it exactly. All ranks evaluate
 * together. Used by the chain's own thread only.
 */
public final class Potential {
  private final Model model;
  private final RankScope scope;
  private final List<String> names;
  private final List<ScalarDistribution> distributions;
  private final List<LatentField> fields;

  private Potential(Model model, RankScope scope, List<String> names, List<ScalarDistribution> distributions,
      List<LatentField> fields) {
    this.model = model;
    this.scope = scope;
    this.names = List.copyOf(names);
    this.distributions = List.copyOf(distributions);
    this.fields = List.copyOf(fields);
  }

  /**
   * Finds the model's latent sites by running it once at the middle of its priors with fields of zeros.
   *
   * @throws IllegalArgumentException if the model cannot be sampled: no latent site, a scaled field, or one on a mesh
   * that cannot be cut over the ranks
   * @throws OutsideSupportException if the model has no density even there
   */
  public static Potential of(Model model, RankScope scope) {
    Discovery found = new Discovery(new Tape(scope));
    new Program(scope, found.tape).within(found, model);
    if (found.names.isEmpty() && found.fields.isEmpty())
      throw new IllegalArgumentException("the program has nothing to sample: every site has a value");
    return new Potential(model, scope, found.names, found.distributions, found.fields);
  }

  /**
   * Evaluates a model once, without a run that finds its latent sites first.
   *
   * @param u the latent scalars on the real line, in the order of the program
   * @param fields the latent fields, in the order of the program
   * @param gradients overwritten by the gradients of likelihood + prior by the fields
   */
  public static Evaluation once(Model model, RankScope scope, double[] u, List<Field.Floats> fields,
      List<Field.Floats> gradients) {
    return evaluate(model, scope, new Latents(new Tape(scope), u, fields, gradients));
  }

  /** Names of the latent scalars, in the order of the program. */
  public List<String> names() {
    return names;
  }

  /** The latent fields, in the order of the program. */
  public List<LatentField> fields() {
    return fields;
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
   * @param at the latent fields, in the order of {@link #fields}
   * @param gradients overwritten by the gradients of likelihood + prior by the fields
   */
  public Evaluation evaluate(double[] u, List<Field.Floats> at, List<Field.Floats> gradients) {
    Latents latents = new Latents(new Tape(scope), u, at, gradients);
    Evaluation evaluation = evaluate(model, scope, latents);
    if (evaluation.inside() && !latents.names.equals(names))
      throw new IllegalStateException("the program's sites changed between runs: " + latents.names);
    return evaluation;
  }

  private static Evaluation evaluate(Model model, RankScope scope, Latents latents) {
    int scalars = latents.u.length;
    try {
      new Program(scope, latents.tape).within(latents, model);
    } catch (OutsideSupportException outside) {
      return Evaluation.outside(scalars, outside.getMessage());
    }
    double likelihood = -latents.likelihood.value();
    double prior = -latents.prior.value();
    if (!Double.isFinite(likelihood) || !Double.isFinite(prior))
      return Evaluation.outside(scalars, "log density = " + -(likelihood + prior) + " is not finite");
    latents.tape.reverse(latents.likelihood.plus(latents.prior).negate(), latents.leafFields);
    double[] gradient = new double[scalars];
    double[] constrained = new double[scalars];
    for (int i = 0; i < scalars; i++) {
      gradient[i] = latents.leaves.get(i).cotangent();
      constrained[i] = latents.values.get(i).value();
      if (!Double.isFinite(gradient[i]))
        return Evaluation.outside(scalars, "the gradient by " + latents.names.get(i) + " is not finite");
    }
    return new Evaluation(likelihood, latents.misfit, prior, gradient, constrained, latents.derived, latents.arrays,
        Optional.empty());
  }

  /** The coordinates of latent sites, one site after the other. */
  private abstract static class Sites implements Handler, Latent.Coordinates {
    final Tape tape;
    final List<String> names = new ArrayList<>();
    private int numbersOfSite;
    /** The site that was sampled last. */
    Optional<Site> sampled = Optional.empty();

    Sites(Tape tape) {
      this.tape = tape;
    }

    @Override
    public void enter(Site site) {
      if (!site.isFree())
        return;
      sampled = Optional.of(site);
      numbersOfSite = 0;
      site.substitute(site.latent().sample(this));
    }

    Site site() {
      return sampled.orElseThrow();
    }

    /** Names one more number of the site: as the site, or the site's second one, third one and so on. */
    void name() {
      numbersOfSite++;
      names.add(numbersOfSite == 1 ? site().name() : site().name() + "." + numbersOfSite);
    }

    Decomposition decomposition(Mesh mesh) {
      if (site().scale() != 1 || !site().counted())
        throw new IllegalArgumentException(
            "the field '" + site().name() + "' is scaled or masked; only N(0, 1) can be sampled");
      try {
        return tape.scope().decomposition(mesh);
      } catch (IllegalArgumentException uncut) {
        throw new IllegalArgumentException("the field '" + site().name() + "' cannot be sampled: " + uncut.getMessage(),
            uncut);
      }
    }
  }

  private static final class Discovery extends Sites {
    private final List<ScalarDistribution> distributions = new ArrayList<>();
    private final List<LatentField> fields = new ArrayList<>();

    Discovery(Tape tape) {
      super(tape);
    }

    @Override
    public Scalar number(ScalarDistribution prior) {
      name();
      distributions.add(prior);
      return prior.constrain(Scalar.constant(0));
    }

    @Override
    public Sharded noise(Mesh mesh) {
      Decomposition decomposition = decomposition(mesh);
      RankScope scope = tape.scope();
      Field.Floats zeros = scope.kernels().memory().floats(decomposition.block(scope.rank()).size());
      fields.add(new LatentField(site().name(), fields.size(), decomposition, zeros));
      return tape.leaf(zeros, zeros, decomposition); // never reversed
    }
  }

  /** Gives latent sites the sampler's point and adds up densities. */
  private static final class Latents extends Sites {
    private final double[] u;
    private final List<Field.Floats> fields;
    private final List<Field.Floats> gradients;
    private final List<Scalar> leaves = new ArrayList<>();
    private final List<Scalar> values = new ArrayList<>();
    private final List<Sharded> leafFields = new ArrayList<>();
    private final Map<String, Double> derived = new LinkedHashMap<>();
    private final Map<String, double[]> arrays = new LinkedHashMap<>();
    private Scalar likelihood = Scalar.constant(0);
    private Scalar prior = Scalar.constant(0);
    private double misfit;

    Latents(Tape tape, double[] u, List<Field.Floats> fields, List<Field.Floats> gradients) {
      super(tape);
      this.u = u;
      this.fields = fields;
      this.gradients = gradients;
    }

    @Override
    public Scalar number(ScalarDistribution distribution) {
      name();
      if (leaves.size() == u.length)
        throw new IllegalStateException("the program's sites changed between runs: '" + site().name() + "'");
      Scalar leaf = tape.leaf(u[leaves.size()]);
      leaves.add(leaf);
      Scalar value = distribution.constrain(leaf);
      values.add(value);
      if (site().counted())
        prior = prior.plus(distribution.logDensityUnconstrained(leaf).times(site().scale()));
      return value;
    }

    @Override
    public Sharded noise(Mesh mesh) {
      Decomposition decomposition = decomposition(mesh);
      if (leafFields.size() == fields.size())
        throw new IllegalStateException("the program's sites changed between runs: '" + site().name() + "'");
      int at = leafFields.size();
      leafFields.add(tape.leaf(fields.get(at), gradients.get(at), decomposition));
      return leafFields.getLast();
    }

    @Override
    public void leave(Site site) {
      if (site.kind() == Site.Kind.DETERMINISTIC)
        record(site);
      else if (!sampled.equals(Optional.of(site)) && site.counted()) {
        Scalar found = site.misfit(tape);
        misfit += site.scale() * found.value();
        likelihood = likelihood
            .plus(found.negate().minus(site.normalisation(tape)).times(site.scale()));
      }
    }

    private void record(Site site) {
      switch (site.value().orElseThrow()) {
        case Scalar scalar -> derived.put(site.name(), scalar.value());
        case Gathered array -> arrays.put(site.name(), array.values());
        case Sharded _ -> {
        }
      }
    }
  }
}
