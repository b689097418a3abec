package org.halocline.sampler.ppl;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.halocline.cosmology.kernel.Field;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.sampler.distribution.Distribution;
import org.halocline.sampler.distribution.Factor;
import org.halocline.sampler.tape.Gathered;
import org.halocline.sampler.tape.Operation;
import org.halocline.sampler.tape.RankScope;
import org.halocline.sampler.tape.Scalar;
import org.halocline.sampler.tape.Sharded;
import org.halocline.sampler.tape.Tape;
import org.halocline.sampler.tape.Value;
import org.halocline.sampler.tape.Values;
import org.halocline.sampler.tape.Vector;

/**
 * One run of a model on one rank: where its sites meet the handlers and its operations the tape. Used by the chain's
 * own thread only.
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

  /**
   * A random value; it comes from the handlers.
   *
   * @throws IllegalArgumentException if no handler gives it one and the distribution can only be observed
   */
  public <V extends Value> V sample(String name, Distribution<V> distribution) {
    Value value = pass(new Site(Site.Kind.SAMPLE, name, Optional.of(distribution), Optional.empty(), false));
    return expect(name, distribution.type(), value);
  }

  /** A named result; draws record scalars, vectors and arrays. */
  @SuppressWarnings("unchecked")
  public <V extends Value> V deterministic(String name, V value) {
    if (value instanceof Sharded field) {
      if (field.shape().fourier())
        throw new IllegalArgumentException(
            "the site '" + name + "' names " + field.shape() + "; name the cells, by real()");
      tape.keep(field);
    }
    Value passed = pass(new Site(Site.Kind.DETERMINISTIC, name, Optional.empty(), Optional.of(value), false));
    return expect(name, (Class<V>) value.getClass(), passed);
  }

  /**
   * Adds a number to the log density.
   *
   * @param logDensity such as the logarithm of a sum over the values of a discrete quantity
   */
  public void factor(String name, Scalar logDensity) {
    observe(name, new Factor(logDensity), 0);
  }

  /**
   * Independent copies of sites.
   *
   * @param size how many
   */
  public Plate plate(String name, int size) {
    return new Plate(this, name, size);
  }

  /** A value that was measured. */
  public <V extends Value> void observe(String name, Distribution<V> distribution, V data) {
    if (data instanceof Sharded field)
      tape.keep(field);
    pass(new Site(Site.Kind.SAMPLE, name, Optional.of(distribution), Optional.of(data), true));
  }

  /** A number that was measured. */
  public void observe(String name, Distribution<Scalar> distribution, double data) {
    observe(name, distribution, Scalar.constant(data));
  }

  /**
   * Numbers that were measured: a vector, alike on every rank, or an array on rank 0; other ranks do not look at
   * {@code data}.
   *
   * @throws IllegalArgumentException if the distribution is of neither
   */
  public void observe(String name, Distribution<?> distribution, double[] data) {
    pass(new Site(Site.Kind.SAMPLE, name, Optional.of(distribution), Optional.of(numbers(name, distribution, data)),
        true));
  }

  private Value numbers(String name, Distribution<?> distribution, double[] data) {
    if (distribution.type() == Vector.class)
      return Vector.constant(data);
    if (distribution.type() == Gathered.class)
      return Gathered.constant(scope.first() ? data : new double[0]);
    throw new SiteException("the site '" + name + "' observes an array of " + data.length
        + " numbers, but its distribution is of a " + distribution.type().getSimpleName()
        + (distribution.type() == Scalar.class ? "; observe copies of it in a plate, or use a vector's" : ""));
  }

  /** A field over the domain's mesh that was measured, this rank's block of it. */
  public void observe(String name, Distribution<Sharded> distribution, Field.Floats data) {
    observe(name, distribution, Sharded.constant(data, scope.decomposition()));
  }

  /** A field of data, to begin an expression with. */
  public Sharded constant(Sharded data) {
    return tape.constant(data);
  }

  /** A field of the cells that an array on rank 0 holds, z fastest. */
  public Sharded scattered(Gathered array, Mesh mesh) {
    return tape.scattered(array, mesh);
  }

  /** Runs a whole kernel. */
  public Values apply(Operation operation, List<? extends Value> inputs) {
    return tape.apply(operation, inputs);
  }

  /** Runs a whole kernel. */
  public Values apply(Operation operation, Value... inputs) {
    return tape.apply(operation, inputs);
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

  private Value pass(Site site) {
    if (!names.add(site.name()))
      throw new SiteException("the program has two sites called '" + site.name() + "'");
    int outermost = handlers.size();
    while (outermost > 0 && !site.hidden())
      handlers.get(--outermost).enter(site);
    Value value = site.value().orElseThrow(() -> new IllegalStateException("the site '" + site.name()
        + "' has no value: run the program under seed, substitute or condition, or sample it"));
    for (int at = outermost; at < handlers.size(); at++)
      handlers.get(at).leave(site);
    Value last = site.value().orElse(value);
    return last instanceof Sharded field ? tape.constant(field) : last;
  }

  static <V extends Value> V expect(String name, Class<V> type, Value value) {
    if (!type.isInstance(value))
      throw new SiteException("the site '" + name + "' holds a " + type.getSimpleName() + " but was given a "
          + value.getClass().getSimpleName());
    return type.cast(value);
  }
}
