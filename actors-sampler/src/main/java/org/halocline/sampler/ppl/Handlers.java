package org.halocline.sampler.ppl;

import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.halocline.cosmology.kernel.Field;
import org.halocline.cosmology.random.NoiseKey;
import org.halocline.sampler.distribution.RandomNumbers;
import org.halocline.sampler.distribution.ScalarDistribution;
import org.halocline.sampler.distribution.WhiteNoise;
import org.halocline.sampler.tape.RankScope;
import org.halocline.sampler.tape.Scalar;
import org.halocline.sampler.tape.Sharded;
import org.halocline.sampler.tape.Value;

/** The effect handlers: each turns a model into another model. */
public final class Handlers {
  /** Where the scalars' blocks of a stream begin; the cells of any mesh come before. */
  public static final long SCALARS = 1L << 48;

  private Handlers() {}

  /** Draws a scalar on the real line; {@code ordinal} is its place among the sites of the program. */
  public static double draw(ScalarDistribution scalar, NoiseKey key, int ordinal) {
    return scalar.drawUnconstrained(new RandomNumbers(key, SCALARS + 64L * ordinal));
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

  /** Runs a model once on its own tape and records its sites. */
  public static Trace trace(Model model, RankScope scope) {
    return Trace.of(model, scope);
  }

  private static final class Seed implements Handler {
    private final NoiseKey key;
    private final RankScope scope;
    private int sites;

    Seed(NoiseKey key, RankScope scope) {
      this.key = key;
      this.scope = scope;
    }

    @Override
    public void enter(Site site) {
      if (site.kind() != Site.Kind.SAMPLE || site.value().isPresent())
        return;
      int ordinal = sites++;
      switch (site.distribution().orElseThrow()) {
        case ScalarDistribution scalar -> {
          double u = draw(scalar, key, ordinal);
          site.substitute(scalar.constrain(Scalar.constant(u)));
        }
        case WhiteNoise noise -> {
          Field.Floats field = scope.kernels().memory().floats(scope.block().size());
          scope.kernels().vectors().normal(field, scope.decomposition(), scope.rank(), key);
          site.substitute(Sharded.constant(field));
        }
        default -> throw new IllegalStateException("the site '" + site.name() + "' can only be observed");
      }
    }
  }
}
