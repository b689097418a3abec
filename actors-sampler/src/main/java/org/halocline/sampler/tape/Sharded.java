package org.halocline.sampler.tape;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.halocline.cosmology.kernel.Field;
import org.halocline.cosmology.kernel.Pointwise.Function;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.cosmology.mesh.Pencil;
import org.halocline.cosmology.power.ModeTable;

/**
 * A field of which each rank holds a part: cells of a mesh or of a sky, or their Fourier modes. Its cotangent has
 * memory if anything wants it. Used by the chain's own thread only.
 */
public final class Sharded implements Value {

  /**
   * What a field holds and how the ranks share it.
   *
   * @param fourier whether it holds the half spectrum, unnormalised, as {@link Pencil} deals it, and not the cells
   */
  public record Shape(Decomposition decomposition, boolean fourier) {

    /** Numbers of a rank's part. */
    public int size(int rank) {
      return fourier
          ? Math.toIntExact(new Pencil(decomposition, rank).floats())
          : decomposition.block(rank).size();
    }

    public Mesh mesh() {
      return decomposition.mesh();
    }

    /** For messages: "a field of 8 × 8 × 8 cells". */
    @Override
    public String toString() {
      Mesh mesh = mesh();
      String cells = mesh.ny() == 1
          ? mesh.nx() + " × " + mesh.nz()
          : mesh.nx() + " × " + mesh.ny() + " × " + mesh.nz();
      return fourier ? "the modes of " + cells + " cells" : "a field of " + cells + " cells";
    }
  }

  private final Tape tape;
  private final Shape shape;
  /** Its place among the fields that operations of the tape made; negative for others. */
  private final int number;
  private final boolean wanted;
  /** Whether the values lie in memory that the tape lent. */
  private boolean lent;
  private Optional<Field.Floats> value;
  private Optional<Field.Floats> cotangent;
  private boolean cotangentLent;
  private boolean cotangentWritten;
  private int readers;

  private Sharded(Tape tape, Shape shape, int number, boolean wanted, boolean lent, Field.Floats value,
      Optional<Field.Floats> cotangent) {
    this.tape = tape;
    this.shape = shape;
    this.number = number;
    this.wanted = wanted;
    this.lent = lent;
    this.value = Optional.of(value);
    this.cotangent = cotangent;
  }

  /** A field of cells without derivatives: data, or what an operation hands to the tape in memory of its own. */
  public static Sharded constant(Field.Floats field, Decomposition decomposition) {
    return constant(field, new Shape(decomposition, false));
  }

  /** A field without derivatives: data, or what an operation hands to the tape in memory of its own. */
  public static Sharded constant(Field.Floats field, Shape shape) {
    return new Sharded(Tape.NONE, shape, -1, false, false, field, Optional.empty());
  }

  /** What an operation hands to the tape in memory of {@link RankScope#take}. */
  public static Sharded lent(Field.Floats field, Shape shape) {
    return new Sharded(Tape.NONE, shape, -1, false, true, field, Optional.empty());
  }

  /** A field whose gradient a reverse pass writes. */
  static Sharded leaf(Tape tape, Field.Floats field, Field.Floats cotangent, Decomposition decomposition) {
    return new Sharded(tape, new Shape(decomposition, false), -1, true, false, field, Optional.of(cotangent));
  }

  /** The same field, to begin an expression with. */
  Sharded on(Tape reader) {
    return new Sharded(reader, shape, -1, false, false, field(), Optional.empty());
  }

  /** The field that an operation made, on its tape. */
  Sharded on(Tape maker, int place, boolean derivativesWanted) {
    return new Sharded(maker, shape, place, derivativesWanted, lent, field(), Optional.empty());
  }

  /** This rank's values. */
  public Field.Floats field() {
    return value.orElseThrow(() -> new IllegalStateException(
        "a field made by an operation can be observed once, as the last thing done to it"));
  }

  public Shape shape() {
    return shape;
  }

  /** @throws IllegalArgumentException if the data are of another grid, or one of the two holds modes */
  public void requireShapeOf(Sharded data) {
    if (!shape.equals(data.shape) || shape.fourier())
      throw new IllegalArgumentException("the program predicts " + shape + ", but the data are " + data.shape
          + "; compare the cells of one grid");
  }

  /** The mesh and how the ranks share it. */
  public Decomposition decomposition() {
    return shape.decomposition();
  }

  /** Elements of this rank's part. */
  public int size() {
    return value.orElseGet(() -> cotangent.orElseThrow()).size();
  }

  /** Whether nothing that has derivatives went into the field. */
  public boolean isConstant() {
    return !wanted;
  }

  /** x + y, in each cell. */
  public Sharded plus(Sharded other) {
    return combined(other, 1, "plus");
  }

  /** x + s, in each cell. */
  public Sharded plus(Scalar number) {
    Tape on = with("plus", number);
    return on.apply(new FieldAlgebra.Shifted(on.scope(), shape), this, number).sharded(0);
  }

  /** x + a, in each cell. */
  public Sharded plus(double number) {
    return plus(Scalar.constant(number));
  }

  /** x − y, in each cell. */
  public Sharded minus(Sharded other) {
    return combined(other, -1, "minus");
  }

  /** x − s, in each cell. */
  public Sharded minus(Scalar number) {
    return plus(number.negate());
  }

  /** x − a, in each cell. */
  public Sharded minus(double number) {
    return plus(-number);
  }

  /** x y, in each cell. */
  public Sharded times(Sharded other) {
    Tape on = ofCells("times", other);
    return on.apply(new FieldAlgebra.Product(on.scope(), shape, wanted, other.wanted), this, other).sharded(0);
  }

  /** s x. */
  public Sharded times(Scalar number) {
    Tape on = tape == Tape.NONE ? number.tape() : tape;
    return on.apply(new FieldAlgebra.Scaled(on.scope(), shape, number.isConstant()), this, number).sharded(0);
  }

  /** a x. */
  public Sharded times(double number) {
    return times(Scalar.constant(number));
  }

  /** x / y, in each cell. */
  public Sharded dividedBy(Sharded other) {
    Tape on = ofCells("dividedBy", other);
    return on.apply(new FieldAlgebra.Quotient(on.scope(), shape, wanted, other.wanted), this, other).sharded(0);
  }

  /** x / s. */
  public Sharded dividedBy(Scalar number) {
    return times(Scalar.constant(1).dividedBy(number));
  }

  /** x / a. */
  public Sharded dividedBy(double number) {
    return times(1 / number);
  }

  /** −x. */
  public Sharded negate() {
    return times(-1);
  }

  /** The larger of x and y in each cell; x where they are equal. */
  public Sharded max(Sharded other) {
    Tape on = ofCells("max", other);
    return on.apply(new FieldAlgebra.Larger(on.scope(), shape), this, other).sharded(0);
  }

  /** The larger of x and a in each cell. */
  public Sharded max(double number) {
    return mapped(Function.MAX, number);
  }

  /** e to the power of x, in each cell. */
  public Sharded exp() {
    return mapped(Function.EXP, 0);
  }

  /** The natural logarithm in each cell. */
  public Sharded log() {
    return mapped(Function.LOG, 0);
  }

  /** log(1 + x) in each cell. */
  public Sharded log1p() {
    return mapped(Function.LOG1P, 0);
  }

  /** tanh in each cell. */
  public Sharded tanh() {
    return mapped(Function.TANH, 0);
  }

  /** The square root in each cell. */
  public Sharded sqrt() {
    return mapped(Function.SQRT, 0);
  }

  /** The square in each cell. */
  public Sharded square() {
    return mapped(Function.SQUARE, 0);
  }

  /** 1/(1 + e^−x) in each cell. */
  public Sharded sigmoid() {
    return mapped(Function.SIGMOID, 0);
  }

  /** |x| in each cell. */
  public Sharded abs() {
    return mapped(Function.ABS, 0);
  }

  /** x to the power of a, in each cell. */
  public Sharded pow(double exponent) {
    return mapped(Function.POWER, exponent);
  }

  /** x to the power of s, in each cell. */
  public Sharded pow(Scalar exponent) {
    Tape on = with("pow", exponent);
    return on.apply(new FieldAlgebra.Power(on.scope(), shape), this, exponent).sharded(0);
  }

  /** The sum over all cells. */
  public Scalar sum() {
    return ofCells("sum").apply(new FieldAlgebra.Sum(scope(), shape), this).scalar(0);
  }

  /** The mean over all cells. */
  public Scalar mean() {
    return sum().dividedBy((double) shape.mesh().size());
  }

  /** The inner product with another field: over all cells, or over all modes of the full spectrum. */
  public Scalar dot(Sharded other) {
    Tape on = together("dot", other);
    return on.apply(new FieldAlgebra.Dot(on.scope(), shape, wanted, other.wanted), this, other).scalar(0);
  }

  /** The Fourier modes of the cells, unnormalised, of all axes with more than one cell. */
  public Sharded fourier() {
    return ofCells("fourier").apply(new FieldModes.Forward(scope(), decomposition()), this).sharded(0);
  }

  /** The cells that belong to Fourier modes: the inverse of {@link #fourier}. */
  public Sharded real() {
    if (!shape.fourier())
      throw new IllegalArgumentException("real is for modes, but was given " + shape + "; leave it out");
    return tape().apply(new FieldModes.Inverse(scope(), decomposition()), this).sharded(0);
  }

  /**
   * Modes times a function of |k|, in one over the unit of the box; the mean mode times 0.
   *
   * @param function is given the k of nodes between which the function is interpolated, and answers its values there
   */
  public Sharded filter(UnaryOperator<Vector> function) {
    return filter(function, 0);
  }

  /** As {@link #filter(UnaryOperator)}, the mean mode times {@code zeroMode}. */
  public Sharded filter(UnaryOperator<Vector> function, double zeroMode) {
    ModeTable.Nodes nodes = ofModes("filter");
    Vector table = values(nodes, function);
    return tape().apply(new FieldModes.Filter(scope(), decomposition(), nodes, zeroMode, table.isConstant()), this,
        table).sharded(0);
  }

  /**
   * For each mode a matrix across fields of one grid: field i becomes Σ_j matrix_ij(k) field_j. Mean modes are not
   * mixed: each is multiplied by {@code zeroMode}.
   *
   * @param fields up to {@link org.halocline.cosmology.kernel.Modes#MOST_FIELDS}, modes of one grid
   * @param matrix a row of functions of |k| for each field, see {@link #filter(UnaryOperator)}
   */
  public static List<Sharded> mix(List<Sharded> fields, List<List<UnaryOperator<Vector>>> matrix, double zeroMode) {
    Sharded first = fields.getFirst();
    ModeTable.Nodes nodes = first.ofModes("mix");
    List<Value> inputs = new ArrayList<>(fields);
    for (Sharded field : fields)
      first.together("mix", field);
    for (List<UnaryOperator<Vector>> row : matrix) {
      if (row.size() != fields.size() || matrix.size() != fields.size())
        throw new IllegalArgumentException("mix needs a square matrix for its " + fields.size() + " fields, but has "
            + matrix.size() + " rows, one of " + row.size());
      for (UnaryOperator<Vector> entry : row)
        inputs.add(values(nodes, entry));
    }
    Values mixed = first.tape.apply(
        new FieldModes.Mix(first.scope(), first.decomposition(), nodes, fields.size(), zeroMode), inputs);
    return mixed.all().stream().map(Sharded.class::cast).toList();
  }

  private static Vector values(ModeTable.Nodes nodes, UnaryOperator<Vector> function) {
    double[] waves = new double[nodes.count()];
    Arrays.setAll(waves, nodes::wave);
    Vector values = function.apply(Vector.constant(waves));
    if (values.size() != waves.length)
      throw new IllegalArgumentException("a function of k was given " + waves.length + " values of k but answered "
          + values.size() + " numbers; answer one for each");
    return values;
  }

  /** The first derivative of the cells along an axis, by their modes. */
  public Sharded gradient(int axis) {
    ofModes("gradient");
    if (axis < 0 || axis > 2)
      throw new IllegalArgumentException("gradient along axis " + axis + "; an axis is 0, 1 or 2");
    return tape().apply(new FieldModes.Gradient(scope(), decomposition(), axis), this).sharded(0);
  }

  /** ∇⁻², by the modes: times −1/k², the mean mode times 0. */
  public Sharded inverseLaplacian() {
    ofModes("inverseLaplacian");
    return tape().apply(new FieldModes.InverseLaplacian(scope(), decomposition()), this).sharded(0);
  }

  /**
   * Σ Re(conj(x) y) over the modes in each shell of |k|: with itself, N times the power.
   *
   * @param edges of the shells, ascending: mode k belongs to shell i if edges[i] ≤ k < edges[i+1]
   */
  public Vector shells(Sharded other, double... edges) {
    ofModes("shells");
    Tape on = together("shells", other);
    return on.apply(new FieldModes.Shells(on.scope(), decomposition(), edges.clone()), this, other).vector(0);
  }

  /** All cells as an array on rank 0, z fastest. For small fields: rank 0 holds all of them. */
  public Gathered gathered() {
    return ofCells("gathered").apply(new FieldArrays.Gather(scope(), decomposition()), this).gathered(0);
  }

  /** The sum of each column of cells along z, as an array [x][y] on rank 0. */
  public Gathered projected() {
    return ofCells("projected").apply(new FieldArrays.Project(scope(), decomposition()), this).gathered(0);
  }

  private ModeTable.Nodes ofModes(String operation) {
    if (!shape.fourier())
      throw new IllegalArgumentException(
          operation + " is for modes, but was given " + shape + "; turn it by fourier() first");
    return ModeTable.Nodes.of(shape.mesh());
  }

  private RankScope scope() {
    return tape.scope();
  }

  private Sharded mapped(Function function, double parameter) {
    return ofCells(function.name().toLowerCase(Locale.ROOT))
        .apply(new FieldAlgebra.Mapped(scope(), shape, function, parameter), this).sharded(0);
  }

  private Sharded combined(Sharded other, double factor, String operation) {
    Tape on = together(operation, other);
    return on.apply(new FieldAlgebra.Combined(on.scope(), shape, factor), this, other).sharded(0);
  }

  private Tape ofCells(String operation) {
    if (shape.fourier())
      throw new IllegalArgumentException(
          operation + " is for the cells of a field, but was given " + shape + "; bring them back by real() first");
    return tape;
  }

  private Tape with(String operation, Scalar number) {
    return ofCells(operation) == Tape.NONE ? number.tape() : tape;
  }

  private Tape ofCells(String operation, Sharded other) {
    ofCells(operation);
    return together(operation, other);
  }

  /** The tape of two fields that must be of one shape. */
  private Tape together(String operation, Sharded other) {
    if (!shape.equals(other.shape))
      throw new IllegalArgumentException(operation + " joins " + shape + " and " + other.shape
          + "; both must be of one grid, cut alike, and both cells or both modes");
    return tape == Tape.NONE ? other.tape : tape;
  }

  Tape tape() {
    return tape;
  }

  /** Its place among the fields that the tape's operations made; negative for data and latent fields. */
  int number() {
    return number;
  }

  /** One more operation reads the values. */
  void readAgain() {
    field();
    readers++;
  }

  /** Nothing needs the values any more, but perhaps their memory. */
  void release(RankScope.Scratch scratch) {
    if (lent && value.isPresent()) {
      scratch.giveBack(value.orElseThrow());
      value = Optional.empty();
      lent = false;
    }
  }

  /** The memory of the values, which is another field's from now on. */
  Field.Floats become() {
    Field.Floats place = field();
    value = Optional.empty();
    lent = false;
    return place;
  }

  /**
   * The memory of the values, to be overwritten: nothing needs them any more. What an operation makes of the values
   * there becomes the cotangent, if it is wanted.
   */
  Field.Floats turn() {
    Field.Floats place = field();
    value = Optional.empty();
    cotangent = Optional.of(place);
    cotangentLent = lent;
    lent = false;
    return place;
  }

  boolean wanted() {
    return wanted;
  }

  /** Whether the values lie in memory that the tape lent. */
  boolean isLent() {
    return lent;
  }

  /** How many operations have read the values. */
  int readers() {
    return readers;
  }

  /** Whether the cotangent has memory, or a place that no other field can give it. */
  boolean hasCotangentPlace() {
    return cotangent.isPresent() || value.isPresent() && !lent && !tape.lifetimes().kept(number, readers);
  }

  /** The cotangent; zeros where nothing was written. */
  Field.Floats cotangent(RankScope scope) {
    Field.Floats place = place(scope);
    if (!cotangentWritten)
      scope.kernels().vectors().fill(place, 0);
    cotangentWritten = true;
    return place;
  }

  /** Memory to be overwritten by the cotangent. */
  Field.Floats toCotangent(RankScope scope) {
    cotangentWritten = true;
    return place(scope);
  }

  private Field.Floats place(RankScope scope) {
    if (cotangent.isPresent())
      return cotangent.orElseThrow();
    boolean ownPlace = value.isPresent() && !tape.lifetimes().kept(number, readers);
    if (ownPlace && lent) {
      turn();
    } else {
      cotangent = Optional.of(ownPlace ? field() : scope.take(shape.size(scope.rank())));
      cotangentLent = !ownPlace;
    }
    return cotangent.orElseThrow();
  }

  /** Takes over memory, lent by the tape, that holds the cotangent. */
  void adoptCotangent(Field.Floats lentMemory) {
    cotangent = Optional.of(lentMemory);
    cotangentLent = true;
    cotangentWritten = true;
  }

  /** Whether another field can {@link #adoptCotangent take over} the memory of the cotangent. */
  boolean canHandOver() {
    return cotangentLent && cotangent.isPresent();
  }

  /** The cotangent's memory, which is another field's from now on. */
  Field.Floats handOver() {
    Field.Floats memory = cotangent.orElseThrow();
    cotangent = Optional.empty();
    cotangentLent = false;
    return memory;
  }

  boolean cotangentWritten() {
    return cotangentWritten;
  }

  /** The reverse pass has come to where the field was made. */
  void end(RankScope.Scratch scratch) {
    release(scratch);
    if (canHandOver())
      scratch.giveBack(handOver());
  }
}
