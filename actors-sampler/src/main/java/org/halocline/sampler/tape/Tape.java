package org.halocline.sampler.tape;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.halocline.cosmology.kernel.Field;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.sampler.tape.Operation.Access;

/**
 * Records one run of a program on one rank and plays it backwards. A tape lives for one evaluation. Every rank records
 * the same entries, so the collective calls inside match. Used by the chain's own thread only.
 */
public final class Tape {
  /** Where constants live: nothing is recorded. */
  static final Tape NONE = new Tape(Optional.empty(), Lifetimes.UNKNOWN);

  private final Optional<RankScope> scope;
  private final Lifetimes lifetimes;
  private final List<Runnable> entries = new ArrayList<>();
  private int operations;
  private int fields;

  private Tape(Optional<RankScope> scope, Lifetimes lifetimes) {
    this.scope = scope;
    this.lifetimes = lifetimes;
  }

  /** Begins a tape; the one before it on this rank is not used any more. */
  public Tape(RankScope scope) {
    this(scope, Lifetimes.UNKNOWN);
  }

  /**
   * Begins a tape; the one before it on this rank is not used any more.
   *
   * @param lifetimes how long the program's fields are needed
   */
  public Tape(RankScope scope, Lifetimes lifetimes) {
    this(Optional.of(scope), lifetimes);
    scope.scratch().reset();
  }

  /** A tape of scalars and vectors alone, which runs no operation. */
  public static Tape ofNumbers() {
    return new Tape(Optional.empty(), Lifetimes.UNKNOWN);
  }

  /** The rank that records. */
  public RankScope scope() {
    return scope.orElseThrow(() -> new IllegalStateException(
        "an expression of data alone is on no tape; begin it with p.constant(data)"));
  }

  Lifetimes lifetimes() {
    return lifetimes;
  }

  /** A number by which derivatives are wanted. */
  public Scalar leaf(double value) {
    return new Scalar(this, value);
  }

  /** Numbers by which derivatives are wanted. */
  public Vector leaf(double[] values) {
    return new Vector(this, values.clone());
  }

  /** A field by which derivatives are wanted; {@link #reverse} overwrites the gradient. */
  public Sharded leaf(Field.Floats field, Field.Floats gradient, Decomposition decomposition) {
    return Sharded.leaf(this, field, gradient, decomposition);
  }

  /** A field of data, to begin an expression with. */
  public Sharded constant(Sharded data) {
    return data.tape() == NONE ? data.on(this) : data;
  }

  /** The tape of those that are not constants; none if all of them are. */
  static Tape common(Stream<Tape> tapes) {
    return tapes.filter(tape -> tape != NONE).findFirst().orElse(NONE);
  }

  /** Notes what the reverse pass does here; nothing among constants. */
  void record(Runnable adjoint) {
    if (this != NONE)
      entries.add(adjoint);
  }

  /**
   * A field of the cells that an array on rank 0 holds, z fastest.
   *
   * @throws IllegalArgumentException if the array has another number of them
   */
  public Sharded scattered(Gathered array, Mesh mesh) {
    return apply(new FieldArrays.Scatter(scope(), scope().decomposition(mesh)), array).sharded(0);
  }

  /** A number computed from others, with its partial derivatives. */
  Scalar node(double value, Scalar[] parents, double[] partials) {
    Scalar result = new Scalar(this, value);
    record(() -> {
      for (int i = 0; i < parents.length; i++)
        parents[i].add(result.cotangent * partials[i]);
    });
    return result;
  }

  /** Runs an operation and records its adjoint. */
  public Values apply(Operation operation, List<? extends Value> inputs) {
    int at = operations++;
    RankScope.Scratch scratch = scope().scratch();
    lifetimes.runs(at, operation.name());
    scratch.workFor(operation.name());
    Values read = new Values(List.copyOf(inputs));
    Lent lent = lend(operation, read, at);
    List<Value> made = operation.forward(lent.given);
    lent.spoiled.forEach(scratch::giveBack);
    boolean wanted = read.all().stream().anyMatch(Tape::isWanted);
    Values outputs = new Values(made.stream().map(value -> asResult(value, operation, at, wanted)).toList());
    if (wanted)
      entries.add(() -> reverse(operation, read, lent.turned, outputs));
    for (Value value : read.all())
      end(value, at);
    for (Value value : outputs.all())
      end(value, at);
    return outputs;
  }

  /** Runs an operation and records its adjoint. */
  public Values apply(Operation operation, Value... inputs) {
    return apply(operation, List.of(inputs));
  }

  /** The next operation may follow before the values of a field are given up. */
  public void keep(Sharded field) {
    if (field.number() >= 0)
      lifetimes.read(field.number(), operations, false);
  }

  static boolean isWanted(Value value) {
    return switch (value) {
      case Scalar scalar -> !scalar.isConstant();
      case Vector vector -> !vector.isConstant();
      case Sharded field -> field.wanted();
      case Gathered array -> array.wanted();
    };
  }

  private void end(Value value, int at) {
    if (value instanceof Sharded field && field.number() >= 0 && lifetimes.endsAt(field.number(), at))
      field.release(scope().scratch());
  }

  /**
   * @param given the values as the forward pass sees them
   * @param turned by input, the memory that an operation turns into a cotangent, and whether it is the field's own
   * @param spoiled copies for the forward pass alone
   */
  private record Lent(Values given, List<Optional<Turned>> turned, List<Field.Floats> spoiled) {}

  /** @param own whether the field's own memory is turned, not a copy */
  record Turned(Field.Floats memory, boolean own) {}

  private Lent lend(Operation operation, Values inputs, int at) {
    List<Value> given = new ArrayList<>();
    List<Optional<Turned>> turned = new ArrayList<>();
    List<Field.Floats> spoiled = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      Optional<Turned> memory = Optional.empty();
      Value value = inputs.all().get(i);
      if (value instanceof Sharded field) {
        Access access = operation.access(i);
        if (field.number() >= 0)
          lifetimes.read(field.number(), at, access == Access.NEEDS);
        boolean ends = field.number() >= 0 && lifetimes.endsAt(field.number(), at)
            && inputs.all().stream().filter(other -> other == field).count() == 1;
        switch (access) {
          case READS, NEEDS -> field.readAgain();
          case SPOILS -> {
            if (!ends) {
              spoiled.add(scope().copy(field.field()));
              value = Sharded.constant(spoiled.getLast(), field.shape());
            }
          }
          case BECOMES ->
            value = Sharded.lent(ends && field.isLent() ? field.become() : scope().copy(field.field()), field.shape());
          case TURNS -> {
            boolean own = lifetimes.known()
                ? ends
                : field.number() >= 0 && !lifetimes.kept(field.number(), field.readers());
            memory = Optional.of(new Turned(own ? field.turn() : scope().copy(field.field()), own));
            value = Sharded.constant(memory.get().memory, field.shape());
          }
        }
      }
      given.add(value);
      turned.add(memory);
    }
    return new Lent(new Values(given), turned, spoiled);
  }

  private Value asResult(Value made, Operation operation, int at, boolean wanted) {
    return switch (made) {
      case Scalar scalar -> wanted ? new Scalar(this, scalar.value()) : scalar;
      case Vector vector -> wanted ? new Vector(this, vector.values()) : vector;
      case Gathered array -> wanted ? array.asResult() : array;
      case Sharded field -> {
        lifetimes.made(fields, at, operation.needsOutputs());
        yield field.on(this, fields++, wanted);
      }
    };
  }

  private void reverse(Operation operation, Values inputs, List<Optional<Turned>> turned, Values outputs) {
    boolean reached = false;
    for (Value output : outputs.all())
      reached |= !(output instanceof Sharded field) || field.cotangentWritten();
    if (reached) {
      scope().scratch().workFor(operation.name());
      Pullback pullback = new Pullback(scope(), inputs, turned, outputs);
      operation.reverse(inputs, pullback);
      pullback.finish();
    }
    for (Value output : outputs.all())
      if (output instanceof Sharded field)
        field.end(scope().scratch());
  }

  /**
   * Plays the tape backwards from a root: afterwards scalars hold their cotangents and the leaves' gradients are
   * written.
   *
   * @param leaves the fields whose gradient must be written, with zeros where the root does not depend on them
   */
  public void reverse(Scalar root, List<Sharded> leaves) {
    root.cotangent = 1;
    for (int at = entries.size() - 1; at >= 0; at--)
      entries.get(at).run();
    for (Sharded leaf : leaves)
      leaf.cotangent(scope());
  }
}
