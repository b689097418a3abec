package org.halocline.sampler.tape;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;
import org.halocline.cosmology.comm.Collectives;
import org.halocline.cosmology.kernel.Field;
import org.halocline.cosmology.kernel.Kernels;
import org.halocline.cosmology.kernel.Memory;
import org.halocline.cosmology.mesh.Block;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.cosmology.transform.Fourier;

/**
 * Where one rank of one chain computes: its kernels, its place in the mesh and its way to the other ranks. Used by the
 * chain's own thread only.
 */
public final class RankScope {
  private final Kernels kernels;
  private final Decomposition decomposition;
  private final int rank;
  private final Collectives collectives;
  private final boolean dry;
  private Scratch scratch;
  private final Map<Decomposition, Fourier> transforms = new HashMap<>();
  private final Map<Field.Floats, Double> remembered = new IdentityHashMap<>();

  public RankScope(Kernels kernels, Decomposition decomposition, int rank, Collectives collectives) {
    this(kernels, decomposition, rank, collectives, false);
  }

  private RankScope(Kernels kernels, Decomposition decomposition, int rank, Collectives collectives, boolean dry) {
    this.kernels = kernels;
    this.decomposition = decomposition;
    this.rank = rank;
    this.collectives = collectives;
    this.dry = dry;
    this.scratch = new Scratch(kernels.memory());
  }

  /**
   * A rank whose kernels compute nothing, on which a program runs to be planned. A number that an operation makes of a
   * field is 1 there.
   */
  public static RankScope dry(Kernels silent, Decomposition decomposition, int rank, Collectives collectives) {
    return new RankScope(silent, decomposition, rank, collectives, true);
  }

  public Kernels kernels() {
    return kernels;
  }

  /** The domain's own mesh and how its ranks share it. */
  public Decomposition decomposition() {
    return decomposition;
  }

  public int rank() {
    return rank;
  }

  public Collectives collectives() {
    return collectives;
  }

  /** Whether fields hold no numbers here. */
  public boolean isDry() {
    return dry;
  }

  /**
   * How the ranks share a mesh: the domain's own as the domain cuts it, a sky (one cell along y) in rows over all
   * ranks, any other as evenly as it goes over the same grid of ranks.
   *
   * @throws IllegalArgumentException if the mesh has fewer rows than ranks share them
   */
  public Decomposition decomposition(Mesh mesh) {
    return cut(mesh, decomposition);
  }

  /** How the ranks of a domain share a mesh, see {@link #decomposition(Mesh)}. */
  public static Decomposition cut(Mesh mesh, Decomposition domain) {
    if (mesh.equals(domain.mesh()))
      return domain;
    boolean sky = mesh.ny() == 1;
    int px = sky ? domain.ranks() : domain.px();
    int py = sky ? 1 : domain.py();
    if (mesh.nx() < px || mesh.ny() < py)
      throw new IllegalArgumentException("a mesh of " + mesh.nx() + " × " + mesh.ny() + " × " + mesh.nz()
          + " cells cannot be cut over " + px + " × " + py
          + " ranks; it needs a row of cells for each of them along x and y");
    return Decomposition.even(mesh, px, py);
  }

  /** This rank's cells of the domain's own mesh. */
  public Block block() {
    return decomposition.block(rank);
  }

  /** Whether this rank holds gathered arrays. */
  public boolean first() {
    return rank == 0;
  }

  /**
   * A field of so many elements that the tape takes back when the pass no longer needs it; what it holds is undefined.
   * Only for what an operation returns, or gives back by {@link #giveBack} itself.
   */
  public Field.Floats take(int size) {
    return scratch.take(size);
  }

  /** A field of {@link #take} that holds the same numbers as another. */
  public Field.Floats copy(Field.Floats from) {
    Field.Floats copy = take(from.size());
    kernels.vectors().copy(from, copy);
    return copy;
  }

  /** Takes a field of {@link #take} back. */
  public void giveBack(Field.Floats field) {
    scratch.giveBack(field);
  }

  /** The transform of a mesh that is cut so. */
  public Fourier fourier(Decomposition cut) {
    return transforms.computeIfAbsent(cut,
        one -> new Fourier(one, rank, kernels, collectives.port(), kernels.memory()::staging));
  }

  /** A number that depends on a field alone: of data it is worked out once. */
  public double remembered(Sharded data, DoubleSupplier number) {
    return data.number() >= 0
        ? number.getAsDouble()
        : remembered.computeIfAbsent(data.field(), _ -> number.getAsDouble());
  }

  /** Bytes that tapes have allocated on this rank, by the operation for which they were. */
  public Map<String, Long> allocated() {
    return scratch.allocated();
  }

  /** Begins the borrowing anew, as if nothing had been allocated: for a dry run. */
  public void forgetScratch() {
    scratch = new Scratch(kernels.memory());
  }

  Scratch scratch() {
    return scratch;
  }

  /**
   * Fields of a rank that values and cotangents on a tape borrow for one pass. A field is allocated when none of its
   * size is spare, so that passes of one program allocate in the first of them only. Used by the chain's own thread
   * only.
   */
  static final class Scratch {
    private final Memory memory;
    private final List<Field.Floats> spare = new ArrayList<>();
    private final List<Field.Floats> taken = new ArrayList<>();
    private final Map<String, Long> allocated = new LinkedHashMap<>();
    private String user = "";

    Scratch(Memory memory) {
      this.memory = memory;
    }

    /** Names the operation for which fields are taken from now on. */
    void workFor(String operation) {
      user = operation;
    }

    /** A field of so many elements; what it holds is undefined. */
    Field.Floats take(int size) {
      for (int i = spare.size() - 1; i >= 0; i--)
        if (spare.get(i).size() == size) {
          taken.add(spare.remove(i));
          return taken.getLast();
        }
      allocated.merge(user, 4L * size, Long::sum);
      taken.add(memory.floats(size));
      return taken.getLast();
    }

    void giveBack(Field.Floats field) {
      for (int i = taken.size() - 1; i >= 0; i--)
        if (taken.get(i) == field) {
          spare.add(taken.remove(i));
          return;
        }
      throw new IllegalStateException("a field of " + field.size() + " elements was given back that was not taken");
    }

    /** Everything is spare again: the tape that took it is gone. */
    void reset() {
      spare.addAll(taken);
      taken.clear();
    }

    /** Bytes allocated so far, by the operation for which they were. */
    Map<String, Long> allocated() {
      return Collections.unmodifiableMap(allocated);
    }
  }
}
