package org.halocline.cosmology.nbody;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.mesh.Field.Floats;
import org.halocline.cosmology.mesh.Grid;
import org.halocline.cosmology.mesh.Kernels;
import org.halocline.cosmology.mesh.Pencil;
import org.halocline.cosmology.mesh.Port;
import org.halocline.cosmology.mesh.Port.Parcel;
import org.halocline.cosmology.mesh.Port.Phase;
import org.halocline.cosmology.mesh.Spectra.Box;

/**
 * The three-dimensional transform of a mesh that is cut into blocks: z lines, a swap within the row, y lines, a swap within
 * the column, x lines. Every layout runs the same line passes on the same numbers, so the bits do not depend on it.
 */
public final class Fourier {
  private final Kernels kernels;
  private final Port port;
  private final Pencil pencil;
  private final Swap row;
  private final Swap column;

  /**
   * @param memory staging memory of as many bytes, which must live as long as this
   */
  public Fourier(Decomposition decomposition, int rank, Kernels kernels, Port port,
      LongFunction<MemorySegment> memory) {
    this.kernels = kernels;
    this.port = port;
    this.pencil = new Pencil(decomposition, rank);
    this.row = Swap.row(pencil, memory);
    this.column = Swap.column(pencil, memory);
  }

  /** Staging memory that a transform takes, bytes. */
  static long stagingBytes(Decomposition decomposition, int rank) {
    Pencil pencil = new Pencil(decomposition, rank);
    long[] total = new long[1];
    LongFunction<MemorySegment> counting = bytes -> {
      total[0] += bytes;
      return MemorySegment.NULL;
    };
    Swap.row(pencil, counting);
    Swap.column(pencil, counting);
    return total[0];
  }

  Pencil pencil() {
    return pencil;
  }

  /** Floats that a work field needs. */
  public long floats() {
    return pencil.floats();
  }

  /** Real interior to half spectrum, unnormalised, in x pencils. */
  public void forward(Floats real, Grid grid, Floats work) {
    forwardZY(real, grid, work);
    kernels.spectra().transformX(work, pencil, false);
  }

  /** Half spectrum in x pencils to the real interior, unnormalised; the spectrum is lost. */
  public void inverse(Floats work, Floats real, Grid grid) {
    kernels.spectra().transformX(work, pencil, true);
    inverseYZ(work, real, grid);
  }

  /** {@code factor · N ∇⁻²} of the interior of one mesh, N cells, to that of another, which may be the same; self-adjoint. */
  public void inverseLaplacian(Floats source, Grid grid, Floats work, Floats out, Grid outGrid, double factor) {
    forwardZY(source, grid, work);
    kernels.spectra().inverseLaplacianX(work, pencil, factor);
    inverseYZ(work, out, outGrid);
  }

  private void forwardZY(Floats real, Grid grid, Floats work) {
    if (row.whole())
      kernels.spectra().forwardZY(real, grid, work, pencil);
    else {
      kernels.spectra().forwardZ(real, grid, work, pencil);
      swap(row.blocks, row.pencils, work, row.staging);
      kernels.spectra().transformY(work, pencil, false);
    }
    swap(column.blocks, column.pencils, work, column.staging);
  }

  private void inverseYZ(Floats work, Floats real, Grid grid) {
    swap(column.pencils, column.blocks, work, column.staging);
    if (row.whole())
      kernels.spectra().inverseYZ(work, pencil, real, grid);
    else {
      kernels.spectra().transformY(work, pencil, true);
      swap(row.pencils, row.blocks, work, row.staging);
      kernels.spectra().inverseZ(work, pencil, real, grid);
    }
  }

  private void swap(List<Piece> from, List<Piece> to, Floats work, Staging staging) {
    if (from.size() == 1)
      return;
    List<Parcel> sends = new ArrayList<>();
    List<Parcel> receives = new ArrayList<>();
    long start = System.nanoTime();
    for (int i = 0; i < from.size(); i++) {
      Piece out = from.get(i);
      Piece in = to.get(i);
      MemorySegment outgoing = staging.outgoing[i].asSlice(0, out.box.bytes());
      kernels.spectra().pack(work, out.box, outgoing);
      if (out.peer == port.rank())
        continue;
      // Parts of the spectrum may be empty; both ends know it.
      if (out.box.bytes() > 0)
        sends.add(new Parcel(out.peer, outgoing));
      if (in.box.bytes() > 0)
        receives.add(new Parcel(in.peer, staging.incoming[i].asSlice(0, in.box.bytes())));
    }
    port.copied(System.nanoTime() - start);
    port.exchange(Phase.PENCIL, sends, receives);
    long there = System.nanoTime();
    for (int i = 0; i < to.size(); i++) {
      Piece in = to.get(i);
      MemorySegment source = in.peer == port.rank() ? staging.outgoing[i] : staging.incoming[i];
      kernels.spectra().unpack(source, work, in.box);
    }
    port.copied(System.nanoTime() - there);
  }

  /** What goes to, or comes from, one peer. */
  private record Piece(int peer, Box box) {}

  private record Staging(MemorySegment[] outgoing, MemorySegment[] incoming) {}

  /** One swap: the pieces of the array before it, by peer, and after it; backwards it is the other way round. */
  private record Swap(List<Piece> blocks, List<Piece> pencils, Staging staging) {

    /** Whether there is nobody to swap with. */
    boolean whole() {
      return blocks.size() == 1;
    }

    /** (nx, ny, all kz) ↔ (nx, all Ny, my kz), among the ranks of my row. */
    static Swap row(Pencil pencil, LongFunction<MemorySegment> memory) {
      Decomposition d = pencil.decomposition();
      int ix = pencil.rank() / d.py();
      int nx = pencil.block().nx();
      List<Piece> blocks = new ArrayList<>();
      List<Piece> pencils = new ArrayList<>();
      for (int part = 0; part < d.py(); part++) {
        int peer = d.rank(ix, part);
        int kz = pencil.kzStart(part);
        blocks.add(new Piece(peer,
            new Box(pencil.block().ny(), pencil.halfZ(), 0, nx, 0, pencil.block().ny(), kz,
                pencil.kzStart(part + 1) - kz)));
        pencils.add(new Piece(peer,
            new Box(d.mesh().ny(), pencil.kzCount(), 0, nx, d.y().start(part), d.y().size(part), 0, pencil.kzCount())));
      }
      return new Swap(blocks, pencils, staging(blocks, pencils, memory));
    }

    /** (nx, all Ny, my kz) ↔ (all Nx, my ky, my kz), among the ranks of my column. */
    static Swap column(Pencil pencil, LongFunction<MemorySegment> memory) {
      Decomposition d = pencil.decomposition();
      int iy = pencil.rank() % d.py();
      int nx = pencil.block().nx();
      int kz = pencil.kzCount();
      List<Piece> blocks = new ArrayList<>();
      List<Piece> pencils = new ArrayList<>();
      for (int part = 0; part < d.px(); part++) {
        int peer = d.rank(part, iy);
        int ky = pencil.kyStart(part);
        blocks.add(new Piece(peer, new Box(d.mesh().ny(), kz, 0, nx, ky, pencil.kyStart(part + 1) - ky, 0, kz)));
        pencils.add(new Piece(peer,
            new Box(pencil.kyCount(), kz, d.x().start(part), d.x().size(part), 0, pencil.kyCount(), 0, kz)));
      }
      return new Swap(blocks, pencils, staging(blocks, pencils, memory));
    }

    private static Staging staging(List<Piece> blocks, List<Piece> pencils, LongFunction<MemorySegment> memory) {
      MemorySegment[] outgoing = new MemorySegment[blocks.size()];
      MemorySegment[] incoming = new MemorySegment[blocks.size()];
      if (blocks.size() == 1)
        return new Staging(outgoing, incoming);
      for (int i = 0; i < outgoing.length; i++) {
        long bytes = Math.max(8, Math.max(blocks.get(i).box.bytes(), pencils.get(i).box.bytes()));
        outgoing[i] = memory.apply(bytes);
        incoming[i] = memory.apply(bytes);
      }
      return new Staging(outgoing, incoming);
    }
  }
}
