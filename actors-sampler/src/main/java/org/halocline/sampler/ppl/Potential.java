package org.halocline.sampler.ppl;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.halocline.cosmology.kernel.ExactSum;
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
import org.halocline.sampler.tape.Value;
import org.halocline.sampler.tape.Vector;

/**
 * A model as a sampler sees it on one rank: an unconstrained vector and white-noise fields go in, minus the log density
 * and its gradient come out. The prior of the fields is left out, because samplers solve it exactly. All ranks evaluate
 * together. Used by the chain's own thread only.
 */
public final class Potential {
  private final Model model;
  private final RankScope scope;
  private final List<String> sites;
  private final List<String> names;
  private final List<ScalarDistribution> distributions;
  private final List<LatentField> fields;

  private Potential(Model model, RankScope scope, Discovery found) {
    this.model = model;
    this.scope = scope;
    this.sites = List.copyOf(found.sites);
    this.names = List.copyOf(found.names);
    this.distributions = List.copyOf(found.distributions);
    this.fields = List.copyOf(found.fields);
  }

  /**
   * Finds the model's latent sites by running it once at the middle of its priors with fields of zeros.
   *
   * @throws IllegalArgumentException if the model cannot be sampled: no latent site, two numbers of one name, data that
   * are not finite, a scaled field, or one on a mesh that cannot be cut over the ranks; the message names the site
   * @throws OutsideSupportException if the model has no density even there
   */
  public static Potential of(Model model, RankScope scope) {
    Discovery found = new Discovery(new Tape(scope, model.lifetimes()));
    try {
      new Program(scope, found.tape).within(found, model);
    } catch (IllegalArgumentException | IndexOutOfBoundsException fault) {
      throw SiteException.of(fault,
          found.sites.isEmpty() ? "before the first site" : "after the site '" + found.sites.getLast() + "'");
    }
    if (found.names.isEmpty() && found.fields.isEmpty())
      throw new IllegalArgumentException("the program has nothing to sample: every site has a value");
    return new Potential(model, scope, found);
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
    return evaluate(model, scope,
        new Latents(new Tape(scope, model.lifetimes()), Optional.empty(), u, fields, gradients));
  }

  /**
   * Names of the latent scalars, in the order of the program: that of the site, or {@code site.1} to {@code site.n} of
   * a vector.
   */
  public List<String> names() {
    return names;
  }

  /** Priors of the latent scalars, at the middle of the priors that they depend on; in the order of the program. */
  public List<ScalarDistribution> priors() {
    return distributions;
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
    Latents latents = new Latents(new Tape(scope, model.lifetimes()), Optional.of(sites), u, at, gradients);
    Evaluation evaluation = evaluate(model, scope, latents);
    if (evaluation.inside() && !latents.names.equals(names))
      throw changed("its latent numbers are " + latents.names + ", but they were " + names);
    return evaluation;
  }

  private static IllegalStateException changed(String how) {
    return new IllegalStateException("the program's sites changed between runs: " + how
        + "; a program must name the same sites, of the same sizes, in the same order for all values");
  }

  private static Evaluation evaluate(Model model, RankScope scope, Latents latents) {
    int scalars = latents.u.length;
    try {
      new Program(scope, latents.tape).within(latents, model);
    } catch (OutsideSupportException outside) {
      return Evaluation.outside(scalars, outside.getMessage());
    }
    latents.complete();
    double likelihood = -latents.likelihood.value();
    double prior = -latents.prior.value();
    if (!scope.isDry() && !(Double.isFinite(likelihood) && Double.isFinite(prior)))
      return Evaluation.outside(scalars, "log density = " + -(likelihood + prior) + " is not finite");
    latents.tape.reverse(latents.likelihood.plus(latents.prior).negate(), latents.leafFields);
    double[] gradient = new double[scalars];
    double[] constrained = new double[scalars];
    for (int i = 0; i < scalars; i++) {
      gradient[i] = latents.leaves.get(i).cotangent();
      constrained[i] = latents.values.get(i);
      if (!scope.isDry() && !Double.isFinite(gradient[i]))
        return Evaluation.outside(scalars, "the gradient by " + latents.names.get(i) + " is not finite");
    }
    return new Evaluation(likelihood, latents.misfit, prior, gradient, constrained, latents.derived, latents.arrays,
        Optional.empty());
  }

  /** The coordinates of latent sites, one site after the other. */
  private abstract static class Sites implements Handler, Latent.Coordinates {
    final Tape tape;
    /** All sites so far. */
    final List<String> sites = new ArrayList<>();
    /** The latent scalars so far. */
    final List<String> names = new ArrayList<>();
    final Map<String, Double> derived = new LinkedHashMap<>();
    private final Set<String> columns = new HashSet<>();
    /** The site that was sampled last, and how many latent scalars came before it. */
    Optional<Site> sampled = Optional.empty();
    private int before;

    Sites(Tape tape) {
      this.tape = tape;
    }

    @Override
    public void enter(Site site) {
      sites.add(site.name());
      if (!site.isFree())
        return;
      sampled = Optional.of(site);
      before = names.size();
      Value value = site.latent().sample(this);
      if (value instanceof Vector vector)
        take(vector);
      site.substitute(value);
    }

    Site site() {
      return sampled.orElseThrow();
    }

    /** Names one more number of the site: as a scalar site, or by its place, counted from 1. */
    void name() {
      int place = names.size() - before + 1;
      boolean whole = place == 1 && site().distribution().orElseThrow().type() != Vector.class;
      names.add(whole ? column(site().name()) : column(place(site(), place)));
    }

    private static String place(Site site, int place) {
      return site.name() + "." + place;
    }

    private String column(String name) {
      if (!columns.add(name))
        throw new SiteException("the program has two numbers called '" + name + "'; rename a site");
      return name;
    }

    /** Records the numbers of a latent vector, rather than those of its coordinates. */
    private void take(Vector vector) {
      for (int i = 0; i < vector.size(); i++)
        if (before + i < names.size())
          take(before + i, vector.values()[i]);
        else
          derived.put(column(place(site(), i + 1)), vector.values()[i]);
    }

    /** Records the number of a latent scalar. */
    void take(int at, double value) {}

    /** Records a deterministic site. */
    void record(Site site) {
      switch (site.value().orElseThrow()) {
        case Scalar scalar -> derived.put(column(site.name()), scalar.value());
        case Vector vector -> {
          for (int i = 0; i < vector.size(); i++)
            derived.put(column(place(site, i + 1)), vector.values()[i]);
        }
        case Gathered array -> record(site.name(), array.values());
        case Sharded _ -> {
        }
      }
    }

    /** Records a deterministic array. */
    void record(String name, double[] array) {}

    Decomposition decomposition(Mesh mesh) {
      if (site().scale() != 1 || !site().counted())
        throw new SiteException(
            "the field '" + site().name() + "' is scaled or masked; only N(0, 1) can be sampled");
      try {
        return tape.scope().decomposition(mesh);
      } catch (IllegalArgumentException uncut) {
        throw new SiteException("the field '" + site().name() + "' cannot be sampled: " + uncut.getMessage(),
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

    @Override
    public void leave(Site site) {
      if (site.kind() == Site.Kind.DETERMINISTIC)
        record(site);
      else if (site.observed())
        refuseWhatIsNotFinite(site);
      if (site.kind() == Site.Kind.SAMPLE && !sampled.equals(Optional.of(site)) && site.counted())
        site.misfit(tape); // the same operations as in an evaluation
    }

    private void refuseWhatIsNotFinite(Site site) {
      long count = switch (site.value().orElseThrow()) {
        case Scalar scalar -> notFinite(scalar.value());
        case Vector vector -> notFinite(vector.values());
        case Gathered array -> overRanks(notFinite(array.values()));
        case Sharded field -> overRanks(notFinite(field.field()));
      };
      if (count > 0)
        throw new SiteException("the data of the site '" + site.name() + "' are not finite: " + count
            + " NaN or infinite; leave those numbers out");
    }

    private static long notFinite(double... numbers) {
      return Arrays.stream(numbers).filter(number -> !Double.isFinite(number)).count();
    }

    private long notFinite(Field.Floats field) {
      float[] part = new float[Math.min(field.size(), 1 << 16)];
      long count = 0;
      for (int at = 0; at < field.size(); at += part.length) {
        int length = Math.min(part.length, field.size() - at);
        tape.scope().kernels().memory().read(field, at, part, 0, length);
        for (int i = 0; i < length; i++)
          count += Float.isFinite(part[i]) ? 0 : 1;
      }
      return count;
    }

    private long overRanks(long count) {
      ExactSum sum = new ExactSum();
      sum.add(count);
      tape.scope().collectives().sum(sum);
      return (long) sum.value();
    }
  }

  /** Gives latent sites the sampler's point and adds up densities. */
  private static final class Latents extends Sites {
    private final Optional<List<String>> known;
    private final double[] u;
    private final List<Field.Floats> fields;
    private final List<Field.Floats> gradients;
    private final List<Scalar> leaves = new ArrayList<>();
    private final List<Double> values = new ArrayList<>();
    private final List<Sharded> leafFields = new ArrayList<>();
    private final Map<String, double[]> arrays = new LinkedHashMap<>();
    private Scalar likelihood = Scalar.constant(0);
    private Scalar prior = Scalar.constant(0);
    private double misfit;

    /** @param known the sites that must come, if they are known */
    Latents(Tape tape, Optional<List<String>> known, double[] u, List<Field.Floats> fields,
        List<Field.Floats> gradients) {
      super(tape);
      this.known = known;
      this.u = u;
      this.fields = fields;
      this.gradients = gradients;
    }

    @Override
    public void enter(Site site) {
      known.ifPresent(all -> compare(all, site.name()));
      super.enter(site);
    }

    private void compare(List<String> all, String name) {
      if (sites.size() == all.size())
        throw changed("'" + name + "' came after the last one");
      if (!all.get(sites.size()).equals(name))
        throw changed("'" + name + "' came in the place of '" + all.get(sites.size()) + "'");
    }

    /** @throws IllegalStateException if sites are missing, or coordinates were left over */
    void complete() {
      known.filter(all -> sites.size() < all.size()).ifPresent(all -> {
        throw changed("it ended before '" + all.get(sites.size()) + "'");
      });
      if (leaves.size() < u.length)
        throw changed("its latent numbers are " + names + ", fewer than " + u.length);
    }

    @Override
    public Scalar number(ScalarDistribution distribution) {
      name();
      if (leaves.size() == u.length)
        throw changed("there are more than " + u.length + " latent numbers at '" + site().name() + "'");
      Scalar leaf = tape.leaf(u[leaves.size()]);
      leaves.add(leaf);
      Scalar value = distribution.constrain(leaf);
      values.add(value.value());
      if (site().counted())
        prior = prior.plus(distribution.logDensityUnconstrained(leaf).times(site().scale()));
      return value;
    }

    @Override
    public Sharded noise(Mesh mesh) {
      Decomposition decomposition = decomposition(mesh);
      if (leafFields.size() == fields.size())
        throw changed("there are more than " + fields.size() + " latent fields at '" + site().name() + "'");
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

    @Override
    void take(int at, double value) {
      values.set(at, value);
    }

    @Override
    void record(String name, double[] array) {
      arrays.put(name, array);
    }
  }
}
