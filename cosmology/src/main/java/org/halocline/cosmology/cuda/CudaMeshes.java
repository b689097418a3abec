package org.halocline.cosmology.cuda;

import java.lang.foreign.MemorySegment;
import org.halocline.cosmology.cuda.device.DeviceBuffer;
import org.halocline.cosmology.cuda.device.DeviceQueue;
import org.halocline.cosmology.cuda.device.DeviceQueue.Transfer;
import org.halocline.cosmology.cuda.memory.CudaFields;
import org.halocline.cosmology.cuda.memory.DeviceScratch;
import org.halocline.cosmology.cuda.memory.StagingSlots;
import org.halocline.cosmology.kernel.Field;
import org.halocline.cosmology.kernel.Field.Floats;
import org.halocline.cosmology.kernel.Field.Ints;
import org.halocline.cosmology.kernel.Meshes;
import org.halocline.cosmology.kernel.Staged;
import org.halocline.cosmology.mesh.Grid;

/**
 * A thread a cell. Halos are packed in device memory and copied from there to staging memory on the second stream,
 * beside the kernels that are enqueued next, and back in the same way.
 */
final class CudaMeshes implements Meshes {
  /** A row of this many bytes is worth a copy of its own, straight from the field. */
  private static final long LONG_ROW = 256 << 10;

  private final DeviceQueue queue;
  private final Answer answer;
  private final StagingSlots slots;
  private final DeviceScratch planes;

  CudaMeshes(DeviceQueue queue, Answer answer, StagingSlots slots) {
    this.queue = queue;
    this.answer = answer;
    this.slots = slots;
    this.planes = new DeviceScratch(queue);
  }

  private KernelCall call(String kernel) {
    return new KernelCall(queue, kernel);
  }

  @Override
  public void difference(Floats field, Grid grid, int axis, double factor, Floats out, Grid outGrid) {
    call("difference").with(field).with(grid).with(axis).with((float) (factor / 12)).with(out).with(outGrid)
        .overCells(outGrid.nz(), outGrid.extentY(), outGrid.extentX());
  }

  @Override
  public void addDifference(Ints field, Grid grid, int axis, double factor, Floats out, Grid outGrid,
      Runnable ghostsNeeded) {
    ghostsNeeded.run();
    addDifference("add_difference_of_ints", field, grid, axis, factor, out, outGrid);
  }

  @Override
  public void addDifference(Floats field, Grid grid, int axis, double factor, Floats out, Grid outGrid) {
    addDifference("add_difference", field, grid, axis, factor, out, outGrid);
  }

  private void addDifference(String kernel, Field field, Grid grid, int axis, double factor, Floats out, Grid outGrid) {
    call(kernel).with(field).with(grid).with(axis).with((float) (factor / 12)).with(out).with(outGrid)
        .overInterior(outGrid);
  }

  @Override
  public void secondDifference(Floats field, Grid grid, int i, int j, double factor, boolean add, Floats out,
      Grid outGrid) {
    call("second_difference").with(field).with(grid).with(i).with(j).with((float) factor).with(add ? 1 : 0).with(out)
        .with(outGrid).overInterior(outGrid);
  }

  @Override
  public void secondOrderSource(Floats potential, Grid grid, double[] cells, Floats out, Grid outGrid) {
    float[] own = new float[3];
    float[] mixed = new float[3];
    for (int i = 0; i < 3; i++) {
      own[i] = (float) (1 / (cells[i] * cells[i]));
      mixed[i] = (float) (1 / (cells[i] * cells[(i + 1) % 3]));
    }
    call("second_order_source").with(potential).with(grid).with(own).with(mixed).with(out).with(outGrid)
        .overInterior(outGrid);
  }

  @Override
  public void combine(double a, Floats x, double b, Floats y, Floats out, Grid outGrid) {
    call("combine").with((float) a).with(x).with((float) b).with(y).with(out).with(outGrid).overInterior(outGrid);
  }

  @Override
  public long overdensity(Ints mesh, Grid grid, double factor, double offset, Floats out, Grid outGrid) {
    call("overdensity").with(mesh).with(grid).with(factor).with(offset).with(out).with(outGrid).with(answer.cleared())
        .overInterior(grid);
    return answer.await().total();
  }

  @Override
  public void copyInterior(Floats from, Grid grid, Floats to, Grid toGrid) {
    call("copy_interior").with(from).with(grid).with(to).with(toGrid).overInterior(grid);
  }

  @Override
  public void multiply(Floats a, Grid aGrid, Floats out, Grid outGrid) {
    call("multiply").with(a).with(aGrid).with(out).with(outGrid).overInterior(aGrid);
  }

  @Override
  public void plane(Ints mesh, Grid grid, int k0, int k1, double factor, double[] into) {
    long bytes = 8L * grid.nx() * grid.ny();
    DeviceBuffer sums = planes.of(bytes);
    call("plane_sums").with(mesh).with(grid).with(k0).with(k1).with(factor).with(sums)
        .overThreads((long) grid.nx() * grid.ny(), 1);
    queue.copyToHost(sums, 0, MemorySegment.ofArray(into).asSlice(0, bytes), bytes);
  }

  @Override
  public void addPlane(double[] plane, double factor, int k0, int k1, Floats out, Grid outGrid) {
    long bytes = 8L * outGrid.nx() * outGrid.ny();
    DeviceBuffer values = planes.of(bytes);
    queue.copyToDevice(MemorySegment.ofArray(plane).asSlice(0, bytes), values, 0, bytes);
    call("add_plane").with(values).with(factor).with(k0).with(k1).with(out).with(outGrid)
        .overCells(k1 - k0, outGrid.ny(), outGrid.nx());
  }

  /** Rows of one length, one a plane of a box: where they lie in a mesh. */
  private record Rows(DeviceBuffer mesh, long first, int stride, int count, int run) {
    static Rows of(Field field, Grid grid, int i0, int ni, int j0, int nj) {
      return new Rows(CudaFields.mesh(field), grid.line(i0, j0), grid.strideX(), ni, nj * grid.nz());
    }

    long bytes() {
      return 4L * run;
    }

    /** Byte offset of a row. */
    long offset(int row) {
      return 4 * (first + (long) row * stride);
    }

    boolean empty() {
      return count == 0 || run == 0;
    }

    Rows part(int from, int many) {
      return new Rows(mesh, first + (long) from * stride, stride, many, run);
    }

    /** Part of a single row. */
    Rows piece(int from, int many) {
      return new Rows(mesh, first + from, stride, 1, many);
    }
  }

  /** What a slot takes at a time: rows, or a part of one. */
  private interface Chunk {
    Transfer copy(Rows rows, long packedOffset);
  }

  /** The last of the copies. */
  private static Staged forEachChunk(Rows rows, Chunk chunk) {
    Staged last = Staged.DONE;
    if (rows.bytes() > StagingSlots.BYTES) {
      int most = (int) (StagingSlots.BYTES / 4);
      for (int row = 0; row < rows.count; row++)
        for (int at = 0; at < rows.run; at += most)
          last = chunk.copy(rows.part(row, 1).piece(at, Math.min(most, rows.run - at)),
              row * rows.bytes() + 4L * at);
      return last;
    }
    int most = (int) Math.min(KernelCall.GRID, StagingSlots.BYTES / rows.bytes());
    for (int row = 0; row < rows.count; row += most)
      last = chunk.copy(rows.part(row, Math.min(most, rows.count - row)), row * rows.bytes());
    return last;
  }

  private void rows(String kernel, DeviceBuffer from, long fromStart, int fromStride, DeviceBuffer to, long toStart,
      int toStride, int count, int run) {
    call(kernel).with(from).with(fromStart).with(fromStride).with(to).with(toStart).with(toStride).with(run)
        .overCells(run, count, 1);
  }

  @Override
  public Staged pack(Field field, Grid grid, int i0, int ni, int j0, int nj, MemorySegment staging, long offset) {
    Rows rows = Rows.of(field, grid, i0, ni, j0, nj);
    if (rows.empty())
      return Staged.DONE;
    if (rows.bytes() < LONG_ROW)
      return forEachChunk(rows, (part, at) -> {
        long bytes = part.count * part.bytes();
        return slots.toHost(staging.asSlice(offset + at, bytes), bytes, into -> rows("copy_rows", part.mesh,
            part.first, part.stride, into, 0, part.run, part.count, part.run));
      });
    Staged last = Staged.DONE;
    for (int row = 0; row < ni; row++)
      last = queue.copyToHostAside(rows.mesh, rows.offset(row),
          staging.asSlice(offset + row * rows.bytes(), rows.bytes()), rows.bytes());
    return last;
  }

  @Override
  public Staged unpack(MemorySegment staging, long offset, Field field, Grid grid, int i0, int ni, int j0, int nj) {
    return unpack("copy_rows", staging, offset, Rows.of(field, grid, i0, ni, j0, nj));
  }

  @Override
  public Staged unpackAdd(MemorySegment staging, long offset, Ints field, Grid grid, int i0, int ni, int j0, int nj) {
    return unpack("add_rows", staging, offset, Rows.of(field, grid, i0, ni, j0, nj));
  }

  /**
   * By way of slots, however long a row is: a copy straight into the field would have to wait for all kernels before
   * it.
   */
  private Staged unpack(String kernel, MemorySegment staging, long offset, Rows rows) {
    if (rows.empty())
      return Staged.DONE;
    return forEachChunk(rows, (part, at) -> {
      long bytes = part.count * part.bytes();
      return slots.toDevice(staging.asSlice(offset + at, bytes), bytes, from -> rows(kernel, from, 0, part.run,
          part.mesh, part.first, part.stride, part.count, part.run));
    });
  }

  @Override
  public void move(Field field, Grid grid, int fromI, int fromJ, int ni, int nj, int toI, int toJ) {
    move("copy_rows", field, grid, fromI, fromJ, ni, nj, toI, toJ);
  }

  @Override
  public void moveAdd(Ints field, Grid grid, int fromI, int fromJ, int ni, int nj, int toI, int toJ) {
    move("add_rows", field, grid, fromI, fromJ, ni, nj, toI, toJ);
  }

  private void move(String kernel, Field field, Grid grid, int fromI, int fromJ, int ni, int nj, int toI, int toJ) {
    Rows from = Rows.of(field, grid, fromI, ni, fromJ, nj);
    Rows to = Rows.of(field, grid, toI, ni, toJ, nj);
    for (int row = 0; row < ni && !from.empty(); row += KernelCall.GRID)
      rows(kernel, from.mesh, from.part(row, 1).first, from.stride, to.mesh, to.part(row, 1).first, to.stride,
          Math.min(KernelCall.GRID, ni - row), from.run);
  }
}
