package org.halocline.cosmology.transform;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import org.halocline.cosmology.comm.Port;
import org.halocline.cosmology.kernel.Field.Floats;
import org.halocline.cosmology.kernel.Kernels;
import org.halocline.cosmology.kernel.Spectra;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.mesh.Grid;
import org.halocline.cosmology.mesh.Pencil;
import org.halocline.cosmology.transform.PencilSwap.Pieces;

/**
 * The transform of a mesh that is cut into blocks, in three dimensions or, for a sky of rows × 1 × columns, in two: z
 * lines, a swap within the row, y lines, a swap within the column, x lines. Every layout runs the same line passes on
 * the same numbers, so the bits do not depend on it. Swaps are made in slabs of x, so that one slab is exchanged while
 * the next is transformed. Every rank of the domain makes the same calls. Owned by the chain's thread.
 */
public final class Fourier {
  private final Kernels kernels;
  private final Pencil pencil;
  private final PencilSwap row;
  private final PencilSwap column;
  private final List<Slab> slabs = new ArrayList<>();

  /** Rows of the block that are transformed and exchanged together. */
  private record Slab(int number, int first, int count) {}

  /** @param memory staging memory of as many bytes, which must live as long as this */
  public Fourier(Decomposition decomposition, int rank, Kernels kernels, Port port,
      LongFunction<MemorySegment> memory) {
    this.kernels = kernels;
    this.pencil = new Pencil(decomposition, rank);
    this.row = new PencilSwap(Pieces.row(pencil), kernels.spectra(), port, memory);
    this.column = new PencilSwap(Pieces.column(pencil), kernels.spectra(), port, memory);
    int nx = pencil.block().nx();
    int many = row.whole() && column.whole() ? 1 : PencilSwap.SLABS;
    for (int slab = 0; slab < many; slab++) {
      int first = PencilSwap.row(nx, slab, many);
      slabs.add(new Slab(slab, first, PencilSwap.row(nx, slab + 1, many) - first));
    }
  }

  /** Staging memory that a transform takes, bytes. */
  public static long stagingBytes(Decomposition decomposition, int rank) {
    Pencil pencil = new Pencil(decomposition, rank);
    return PencilSwap.stagingBytes(Pieces.row(pencil)) + PencilSwap.stagingBytes(Pieces.column(pencil));
  }

  /** Which modes this rank holds between a forward and an inverse transform. */
  public Pencil pencil() {
    return pencil;
  }

  /** Floats that a work field needs. */
  public long floats() {
    return pencil.floats();
  }

  /**
   * Real interior to half spectrum, unnormalised, in x pencils.
   *
   * @param work a field of {@link #floats()}
   */
  public void forward(Floats real, Grid grid, Floats work) {
    forwardZY(real, grid, work);
    kernels.spectra().transformX(work, pencil, false);
  }

  /** Half spectrum in x pencils to the real interior, unnormalised; the spectrum is lost. */
  public void inverse(Floats work, Floats real, Grid grid) {
    kernels.spectra().transformX(work, pencil, true);
    inverseYZ(work, real, grid);
  }

  /**
   * {@code factor · N ∇⁻²} of the interior of one mesh, N cells, to that of another, which may be the same;
   * self-adjoint.
   */
  public void inverseLaplacian(Floats source, Grid grid, Floats work, Floats out, Grid outGrid, double factor) {
    forwardZY(source, grid, work);
    kernels.spectra().inverseLaplacianX(work, pencil, factor);
    inverseYZ(work, out, outGrid);
  }

  private void forwardZY(Floats real, Grid grid, Floats work) {
    Spectra spectra = kernels.spectra();
    for (Slab slab : slabs)
      if (row.whole()) {
        spectra.forwardZY(real, grid, work, pencil, slab.first, slab.count);
        column.toPencils(work, slab.number);
      } else {
        spectra.forwardZ(real, grid, work, pencil, slab.first, slab.count);
        row.toPencils(work, slab.number);
      }
    if (!row.whole())
      for (Slab slab : slabs) {
        row.inPencils(work, slab.number);
        spectra.transformY(work, pencil, false, slab.first, slab.count);
        column.toPencils(work, slab.number);
      }
    for (Slab slab : slabs)
      column.inPencils(work, slab.number);
  }

  private void inverseYZ(Floats work, Floats real, Grid grid) {
    Spectra spectra = kernels.spectra();
    for (Slab slab : slabs)
      column.toBlocks(work, slab.number);
    for (Slab slab : slabs) {
      column.inBlocks(work, slab.number);
      if (row.whole())
        spectra.inverseYZ(work, pencil, real, grid, slab.first, slab.count);
      else {
        spectra.transformY(work, pencil, true, slab.first, slab.count);
        row.toBlocks(work, slab.number);
      }
    }
    if (!row.whole())
      for (Slab slab : slabs) {
        row.inBlocks(work, slab.number);
        spectra.inverseZ(work, pencil, real, grid, slab.first, slab.count);
      }
  }
}
