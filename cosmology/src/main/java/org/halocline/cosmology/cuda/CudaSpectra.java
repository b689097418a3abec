package org.halocline.cosmology.cuda;

import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import org.halocline.cosmology.cuda.device.DeviceBuffer;
import org.halocline.cosmology.cuda.device.DeviceQueue;
import org.halocline.cosmology.cuda.device.DeviceQueue.Transfer;
import org.halocline.cosmology.cuda.device.LineFft.Kind;
import org.halocline.cosmology.cuda.memory.CudaFields;
import org.halocline.cosmology.cuda.memory.DeviceScratch;
import org.halocline.cosmology.cuda.memory.StagingSlots;
import org.halocline.cosmology.kernel.Field.Floats;
import org.halocline.cosmology.kernel.Spectra;
import org.halocline.cosmology.kernel.Staged;
import org.halocline.cosmology.mesh.Grid;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.cosmology.mesh.Pencil;

/**
 * Lines are gathered into batches, transformed there and put back, a batch at a time. A spectrum is [x][y][z] of
 * complex numbers, real part and imaginary part side by side; packed it is as on a core.
 */
final class CudaSpectra implements Spectra {
  private final DeviceQueue queue;
  private final StagingSlots slots;
  private final DeviceScratch first;
  private final DeviceScratch second;
  private final ModeTables tables;
  private final Map<Mesh, LineBatches> batches = new HashMap<>();

  CudaSpectra(DeviceQueue queue, StagingSlots slots, ModeTables tables) {
    this.queue = queue;
    this.slots = slots;
    this.first = new DeviceScratch(queue);
    this.second = new DeviceScratch(queue);
    this.tables = tables;
  }

  private KernelCall call(String kernel) {
    return new KernelCall(queue, kernel);
  }

  private LineBatches batches(Pencil pencil) {
    return batches.computeIfAbsent(pencil.mesh(), mesh -> new LineBatches(queue, first, second, mesh));
  }

  /** Bytes of z lines of half spectra. */
  private static long halfBytes(Pencil pencil, int lines) {
    return 8L * pencil.halfZ() * lines;
  }

  /** z lines [from, from + count) of a mesh to half spectra in the first batch. */
  private void forwardBatch(Floats real, Grid grid, int from, int count, LineBatches lines) {
    DeviceBuffer batch = lines.first();
    call("real_to_batch").with(real).with(grid).with(from).with(count).with(batch).overLines(grid.nz(), count);
    lines.run(Kind.REAL_TO_COMPLEX, grid.nz(), false, batch);
    if (grid.nz() == 1)
      realEnds(batch, grid.nz(), count);
  }

  private void realEnds(DeviceBuffer batch, int nz, int count) {
    call("real_ends").with(batch).with(nz).with(count).overThreads(count, 1);
  }

  /** Half spectra in the first batch to z lines [from, from + count) of a mesh. */
  private void inverseBatch(Floats real, Grid grid, int from, int count, LineBatches lines) {
    DeviceBuffer batch = lines.first();
    realEnds(batch, grid.nz(), count);
    lines.run(Kind.COMPLEX_TO_REAL, grid.nz(), false, batch);
    call("batch_to_real").with(batch).with(grid).with(from).with(count).with(real).overLines(grid.nz(), count);
  }

  @Override
  public void forwardZ(Floats real, Grid grid, Floats work, Pencil pencil, int first, int rows) {
    LineBatches lines = batches(pencil);
    int most = LineBatches.lines(Kind.REAL_TO_COMPLEX, grid.nz());
    int end = (first + rows) * grid.ny();
    for (int from = first * grid.ny(); from < end; from += most) {
      int count = Math.min(most, end - from);
      forwardBatch(real, grid, from, count, lines);
      queue.copy(lines.first(), 0, CudaFields.of(work), halfBytes(pencil, from), halfBytes(pencil, count));
    }
  }

  @Override
  public void inverseZ(Floats work, Pencil pencil, Floats real, Grid grid, int first, int rows) {
    LineBatches lines = batches(pencil);
    int most = LineBatches.lines(Kind.COMPLEX_TO_REAL, grid.nz());
    int end = (first + rows) * grid.ny();
    for (int from = first * grid.ny(); from < end; from += most) {
      int count = Math.min(most, end - from);
      queue.copy(CudaFields.of(work), halfBytes(pencil, from), lines.first(), 0, halfBytes(pencil, count));
      inverseBatch(real, grid, from, count, lines);
    }
  }

  /** Lines of an array [outer][length][inner] of complex numbers that run along the length. */
  private record Across(DeviceBuffer array, long offset, int length, int inner) {}

  private void gather(Across across, int from, int count, DeviceBuffer batch) {
    call("to_lines").with(across.array, across.offset).with(across.length).with(across.inner).with(from).with(count)
        .with(batch).overTiles(count, across.length);
  }

  private void scatter(DeviceBuffer batch, Across across, int from, int count) {
    call("from_lines").with(batch).with(across.length).with(across.inner).with(from).with(count)
        .with(across.array, across.offset).overTiles(count, across.length);
  }

  /** What is done to the lines [from, from + count) in a batch. */
  private interface Step {
    void apply(DeviceBuffer batch, int from, int count);
  }

  private void transform(LineBatches lines, Across across, int all, Step step) {
    int most = LineBatches.lines(Kind.COMPLEX, across.length);
    DeviceBuffer batch = lines.first();
    for (int from = 0; from < all; from += most) {
      int count = Math.min(most, all - from);
      gather(across, from, count, batch);
      step.apply(batch, from, count);
      scatter(batch, across, from, count);
    }
  }

  @Override
  public void transformY(Floats work, Pencil pencil, boolean inverse, int first, int rows) {
    int ny = pencil.mesh().ny();
    LineBatches lines = batches(pencil);
    if (ny > 1)
      transform(lines, acrossY(work, pencil, first), rows * pencil.rowKzCount(),
          (batch, _, _) -> lines.run(Kind.COMPLEX, ny, inverse, batch));
  }

  /** y lines of a spectrum from the plane of an x on. */
  private static Across acrossY(Floats work, Pencil pencil, int i) {
    int ny = pencil.mesh().ny();
    return new Across(CudaFields.of(work), 8L * i * ny * pencil.rowKzCount(), ny, pencil.rowKzCount());
  }

  private static Across acrossX(Floats work, Pencil pencil) {
    return new Across(CudaFields.of(work), 0, pencil.mesh().nx(), pencil.kyCount() * pencil.kzCount());
  }

  @Override
  public void transformX(Floats work, Pencil pencil, boolean inverse) {
    int nx = pencil.mesh().nx();
    LineBatches lines = batches(pencil);
    Across across = acrossX(work, pencil);
    if (nx > 1)
      transform(lines, across, across.inner, (batch, _, _) -> lines.run(Kind.COMPLEX, nx, inverse, batch));
  }

  @Override
  public void inverseLaplacianX(Floats work, Pencil pencil, double factor) {
    int nx = pencil.mesh().nx();
    LineBatches lines = batches(pencil);
    DeviceBuffer squares = tables.squares(pencil);
    Across across = acrossX(work, pencil);
    transform(lines, across, across.inner, (batch, from, count) -> {
      lines.run(Kind.COMPLEX, nx, false, batch);
      call("green").with(batch).with(squares).with(nx).with(pencil.kyCount()).with(pencil.kzCount()).with(from)
          .with(count).with((float) factor).overLines(nx, count);
      lines.run(Kind.COMPLEX, nx, true, batch);
    });
  }

  /** Planes of one x whose z and y lines fit a batch each; 0 where one plane does not. */
  private static int planes(Pencil pencil, Kind z) {
    Mesh mesh = pencil.mesh();
    return Math.min(LineBatches.lines(z, mesh.nz()) / mesh.ny(),
        LineBatches.lines(Kind.COMPLEX, mesh.ny()) / pencil.halfZ());
  }

  @Override
  public void forwardZY(Floats real, Grid grid, Floats work, Pencil pencil, int first, int rows) {
    int group = planes(pencil, Kind.REAL_TO_COMPLEX);
    if (group == 0 || grid.ny() == 1) {
      forwardZ(real, grid, work, pencil, first, rows);
      transformY(work, pencil, false, first, rows);
      return;
    }
    LineBatches lines = batches(pencil);
    int ny = grid.ny();
    Across batch = new Across(lines.first(), 0, ny, pencil.halfZ());
    for (int i = first; i < first + rows; i += group) {
      int many = Math.min(group, first + rows - i);
      int count = many * pencil.halfZ();
      forwardBatch(real, grid, i * ny, many * ny, lines);
      gather(batch, 0, count, lines.second());
      lines.run(Kind.COMPLEX, ny, false, lines.second());
      scatter(lines.second(), acrossY(work, pencil, i), 0, count);
    }
  }

  @Override
  public void inverseYZ(Floats work, Pencil pencil, Floats real, Grid grid, int first, int rows) {
    int group = planes(pencil, Kind.COMPLEX_TO_REAL);
    if (group == 0 || grid.ny() == 1) {
      transformY(work, pencil, true, first, rows);
      inverseZ(work, pencil, real, grid, first, rows);
      return;
    }
    LineBatches lines = batches(pencil);
    int ny = grid.ny();
    Across batch = new Across(lines.first(), 0, ny, pencil.halfZ());
    for (int i = first; i < first + rows; i += group) {
      int many = Math.min(group, first + rows - i);
      int count = many * pencil.halfZ();
      gather(acrossY(work, pencil, i), 0, count, lines.second());
      lines.run(Kind.COMPLEX, ny, true, lines.second());
      scatter(lines.second(), batch, 0, count);
      inverseBatch(real, grid, i * ny, many * ny, lines);
    }
  }

  /** A box in parts of what a slot takes, in numbers. */
  private interface Part {
    Transfer copy(long from, int count);
  }

  /** The last of the copies. */
  private static Staged forEachPart(Box box, Part part) {
    Staged last = Staged.DONE;
    long all = box.bytes() / 4;
    int most = (int) (StagingSlots.BYTES / 4);
    for (long from = 0; from < all; from += most)
      last = part.copy(from, (int) Math.min(most, all - from));
    return last;
  }

  private static KernelCall withBox(KernelCall call, Box box, long from, int count) {
    return call.with(box.ey()).with(box.ez()).with(box.i0()).with(box.j0()).with(box.nj()).with(box.k0()).with(box.nk())
        .with(from).with(count);
  }

  @Override
  public Staged pack(Floats work, Box box, MemorySegment staging) {
    return forEachPart(box, (from, count) -> slots.toHost(staging.asSlice(4 * from, 4L * count), 4L * count,
        into -> withBox(call("pack_box").with(work), box, from, count).with(into).overThreads(count, 1)));
  }

  @Override
  public Staged unpack(MemorySegment staging, Floats work, Box box) {
    return forEachPart(box, (from, count) -> slots.toDevice(staging.asSlice(4 * from, 4L * count), 4L * count,
        source -> withBox(call("unpack_box").with(source), box, from, count).with(work).overThreads(count, 1)));
  }
}
