package org.halocline.sampler.ppl;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.halocline.cosmology.kernel.Field;
import org.halocline.sampler.distribution.Distribution;
import org.halocline.sampler.distribution.GatheredNormal;
import org.halocline.sampler.distribution.ScalarDistribution;
import org.halocline.sampler.distribution.ShardedNormal;
import org.halocline.sampler.distribution.WhiteNoise;
import org.halocline.sampler.tape.Gathered;
import org.halocline.sampler.tape.GatheredOperation;
import org.halocline.sampler.tape.RankScope;
import org.halocline.sampler.tape.Scalar;
import org.halocline.sampler.tape.Sharded;
import org.halocline.sampler.tape.ShardedOperation;
import org.halocline.sampler.tape.Tape;
import org.halocline.sampler.tape.Value;

/**
 * One run of a model on one rank: where its sites meet the handlers and its operations the tape. Used by the chain's own
 * thread only.
 */
public final class Program {
  private final RankScope scope;
  private final Tape tape;
  private final List<Handler> handlers = new ArrayList<>();
  private final Set<String> names = new HashSet<>();

  Program(RankScope scope, Tape tape) {
    this.scope = scope;
    this.tape = tape;
  }

  /** The rank that runs the program. */
  public RankScope scope() {
    return scope;
  }

  Tape tape() {
    return tape;
  }

  /** A random number; its value comes from the handlers. */
  public Scalar sample(String name, ScalarDistribution distribution) {
    return expect(name, Scalar.class, sampled(name, distribution));
  }

  /** A random field. */
  public Sharded sample(String name, WhiteNoise distribution) {
    return expect(name, Sharded.class, sampled(name, distribution));
  }

  /** A named result that draws record. */
  public Scalar deterministic(String name, Scalar value) {
    return expect(name, Scalar.class, named(name, value));
  }

  /** A named result that draws record. */
  public Gathered deterministic(String name, Gathered value) {
    return expect(name, Gathered.class, named(name, value));
  }

  /** A named result. */
  public Sharded deterministic(String name, Sharded value) {
    return expect(name, Sharded.class, named(name, value));
  }

  /** A number that was measured. */
  public void observe(String name, ScalarDistribution distribution, double data) {
    observed(name, distribution, Scalar.constant(data));
  }

  /** An array on rank 0 that was measured; {@code data} is of length 0 elsewhere. */
  public void observe(String name, GatheredNormal distribution, double[] data) {
    observed(name, distribution, Gathered.constant(data));
  }

  /** A field that was measured, this rank's block of it. */
  public void observe(String name, ShardedNormal distribution, Field.Floats data) {
    observed(name, distribution, Sharded.constant(data));
  }

  /** Runs a whole kernel that ends on rank 0. */
  public Gathered apply(GatheredOperation operation, List<Scalar> scalars, Sharded field) {
    return tape.apply(operation, scalars, field);
  }

  /** Runs a whole kernel whose result stays sharded. */
  public Sharded apply(ShardedOperation operation, List<Scalar> scalars, Sharded field) {
    return tape.apply(operation, scalars, field);
  }

  /** Runs a part of a program inside a handler. */
  public void within(Handler handler, Model inner) {
    handlers.add(handler);
    try {
      inner.run(this);
    } finally {
      handlers.removeLast();
    }
  }

  private Value sampled(String name, Distribution distribution) {
    return pass(new Site(Site.Kind.SAMPLE, name, Optional.of(distribution), Optional.empty(), false));
  }

  private void observed(String name, Distribution distribution, Value data) {
    pass(new Site(Site.Kind.SAMPLE, name, Optional.of(distribution), Optional.of(data), true));
  }

  private Value named(String name, Value value) {
    return pass(new Site(Site.Kind.DETERMINISTIC, name, Optional.empty(), Optional.of(value), false));
  }

  private Value pass(Site site) {
    if (!names.add(site.name()))
      throw new IllegalArgumentException("the program has two sites called '" + site.name() + "'");
    int outermost = handlers.size();
    while (outermost > 0 && !site.hidden())
      handlers.get(--outermost).enter(site);
    Value value = site.value().orElseThrow(() -> new IllegalStateException("the site '" + site.name()
        + "' has no value: run the program under seed, substitute or condition, or sample it"));
    for (int at = outermost; at < handlers.size(); at++)
      handlers.get(at).leave(site);
    return site.value().orElse(value);
  }

  private static <V extends Value> V expect(String name, Class<V> type, Value value) {
    if (!type.isInstance(value))
      throw new IllegalArgumentException("the site '" + name + "' holds a " + type.getSimpleName() + " but was given a "
          + value.getClass().getSimpleName());
    return type.cast(value);
  }
}
