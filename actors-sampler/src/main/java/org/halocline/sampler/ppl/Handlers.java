package org.halocline.sampler.ppl;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.halocline.cosmology.kernel.Field;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.cosmology.random.NoiseKey;
import org.halocline.sampler.distribution.Latent;
import org.halocline.sampler.distribution.RandomNumbers;
import org.halocline.sampler.distribution.ScalarDistribution;
import org.halocline.sampler.tape.Lifetimes;
import org.halocline.sampler.tape.RankScope;
import org.halocline.sampler.tape.Scalar;
import org.halocline.sampler.tape.Sharded;
import org.halocline.sampler.tape.Tape;
import org.halocline.sampler.tape.Value;

/** The effect handlers: each turns a model into another model. */
public final class Handlers {
  /** Where the scalars' blocks of a stream begin; the cells of any mesh come before. */
  public static final long SCALARS = 1L << 48;

  private Handlers() {}

  /** So many blocks of a stream belong to each scalar. */
  private static final long SCALAR_BLOCKS = 64;

  /** So many sub-steps of a key lie between the streams of two fields of one program. */
  private static final int FIELD_STRIDE = 128;

  /**
   * Draws a scalar on the real line, from a stretch of the key's stream of its own: 64 blocks, two normals or uniforms
   * each.
   *
   * @param ordinal its place among the latent scalars of the program
   */
  public static double draw(ScalarDistribution scalar, NoiseKey key, int ordinal) {
    return scalar.drawUnconstrained(new RandomNumbers(key, SCALARS + SCALAR_BLOCKS * ordinal));
  }

  /** The stream of a program's field, by its place among them: the first has the key's own. */
  public static NoiseKey ofField(NoiseKey key, int number) {
    return new NoiseKey(key.seed(), key.purpose(), key.chain(), key.draw(), key.subStep() + FIELD_STRIDE * number);
  }

  /** Draws every site that has no value yet from its distribution: numbers depend on key and site order alone. */
  public static Model seed(Model model, NoiseKey key) {
    return p -> p.within(new Seed(key, p.scope()), model);
  }

  /** Gives sites values that count as data. */
  public static Model condition(Model model, Map<String, ? extends Value> data) {
    return p -> p.within(site -> {
      if (site.kind() == Site.Kind.SAMPLE)
        Optional.<Value>ofNullable(data.get(site.name())).ifPresent(site::condition);
    }, model);
  }

  /** Gives sites values; sampled ones stay latent. */
  public static Model substitute(Model model, Map<String, ? extends Value> values) {
    return p -> p.within(site -> {
      if (!site.observed())
        Optional.<Value>ofNullable(values.get(site.name())).ifPresent(site::substitute);
    }, model);
  }

  /** Keeps matching sites from the handlers outside. */
  public static Model block(Model model, Predicate<Site> hide) {
    return p -> p.within(site -> {
      if (hide.test(site))
        site.hide();
    }, model);
  }

  /** Takes the densities of matching sites out of the program's. */
  public static Model mask(Model model, Predicate<Site> masked) {
    return p -> p.within(site -> {
      if (masked.test(site))
        site.mask();
    }, model);
  }

  /** Multiplies the log densities of the sites inside. */
  public static Model scale(Model model, double factor) {
    if (!(factor > 0) || Double.isInfinite(factor))
      throw new IllegalArgumentException("a scale must be positive and finite, but it is " + factor);
    return p -> p.within(site -> site.scaleBy(factor), model);
  }

  /**
   * Gives matching latent sites other coordinates of the same distribution. A site is non-centred as it is: a normal
   * number is mean + sd·u for u ~ N(0, 1), which suits data that tell little of it; share 1 moves the number itself.
   *
   * @param share from 0, the map that the distribution has, to 1, the centred one
   */
  public static Model centre(Model model, Predicate<Site> centred, double share) {
    return p -> p.within(site -> {
      if (site.isFree() && centred.test(site))
        site.distribute(site.latent().centred(share));
    }, model);
  }

  /** Runs a model once on its own tape and records its sites. */
  public static Trace trace(Model model, RankScope scope) {
    return Trace.of(model, scope);
  }

  /** The coordinates of the latent numbers that {@link #seed} draws, in the order of the program. */
  public static double[] coordinates(Model model, NoiseKey key, RankScope scope) {
    Seed seed = new Seed(key, scope);
    new Program(scope, new Tape(scope, Lifetimes.WHOLE)).within(seed, model);
    return seed.drawn.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static final class Seed implements Handler, Latent.Coordinates {
    private final NoiseKey key;
    private final RankScope scope;
    private final List<Double> drawn = new ArrayList<>();
    private int fields;

    Seed(NoiseKey key, RankScope scope) {
      this.key = key;
      this.scope = scope;
    }

    @Override
    public void enter(Site site) {
      if (site.isFree())
        site.substitute(site.latent().draw(this));
    }

    @Override
    public Scalar number(ScalarDistribution prior) {
      drawn.add(draw(prior, key, drawn.size()));
      return prior.constrain(Scalar.constant(drawn.getLast()));
    }

    @Override
    public Sharded noise(Mesh mesh) {
      Decomposition decomposition = scope.decomposition(mesh);
      Field.Floats field = scope.kernels().memory().floats(decomposition.block(scope.rank()).size());
      scope.kernels().vectors().normal(field, decomposition, scope.rank(), ofField(key, fields++));
      return Sharded.constant(field, decomposition);
    }
  }
}
