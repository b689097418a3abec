package org.halocline.cosmology.cuda;

import java.lang.foreign.MemorySegment;
import org.halocline.cosmology.cuda.device.DeviceBuffer;
import org.halocline.cosmology.cuda.device.DeviceQueue;
import org.halocline.cosmology.mesh.Field;
import org.halocline.cosmology.mesh.Field.Floats;
import org.halocline.cosmology.mesh.Field.Ints;
import org.halocline.cosmology.mesh.Grid;
import org.halocline.cosmology.mesh.Meshes;

/**
 * A thread a cell. Halos are packed in device memory and copied to staging memory in one go; {@link #pack} and the unpacking methods
 * return when staging memory may be used.
 */
final class CudaMeshes implements Meshes {
  /** Bytes that are packed at a time. */
  static final long PACKED = 16 << 20;
  /** A row of this many bytes is worth a copy of its own. */
  private static final long LONG_ROW = 256 << 10;

  private final DeviceQueue queue;
  private final Answer answer;
  private final DeviceScratch packed;
  private final DeviceScratch planes;

  CudaMeshes(DeviceQueue queue, Answer answer, DeviceScratch packed) {
    this.queue = queue;
    this.answer = answer;
    this.packed = packed;
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
  public void addDifference(Ints field, Grid grid, int axis, double factor, Floats out, Grid outGrid) {
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
  public void minors(Floats potential, Grid grid, double[] cells, Floats out, Grid outGrid) {
    float[] own = new float[3];
    float[] mixed = new float[3];
    for (int i = 0; i < 3; i++) {
      own[i] = (float) (1 / (cells[i] * cells[i]));
      mixed[i] = (float) (1 / (cells[i] * cells[(i + 1) % 3]));
    }
    call("minors").with(potential).with(grid).with(own).with(mixed).with(out).with(outGrid).overInterior(outGrid);
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

  /** What can be packed at a time: rows, or a part of one. */
  private interface Chunk {
    void visit(Rows rows, long packedOffset);
  }

  private static void forEachChunk(Rows rows, Chunk chunk) {
    if (rows.bytes() > PACKED) {
      int most = (int) (PACKED / 4);
      for (int row = 0; row < rows.count; row++)
        for (int at = 0; at < rows.run; at += most)
          chunk.visit(rows.part(row, 1).piece(at, Math.min(most, rows.run - at)), row * rows.bytes() + 4L * at);
      return;
    }
    int most = (int) Math.min(KernelCall.GRID, PACKED / rows.bytes());
    for (int row = 0; row < rows.count; row += most)
      chunk.visit(rows.part(row, Math.min(most, rows.count - row)), row * rows.bytes());
  }

  private void rows(String kernel, DeviceBuffer from, long fromStart, int fromStride, DeviceBuffer to, long toStart,
      int toStride, int count, int run) {
    call(kernel).with(from).with(fromStart).with(fromStride).with(to).with(toStart).with(toStride).with(run)
        .overCells(run, count, 1);
  }

  @Override
  public void pack(Field field, Grid grid, int i0, int ni, int j0, int nj, MemorySegment staging, long offset) {
    Rows rows = Rows.of(field, grid, i0, ni, j0, nj);
    if (rows.empty())
      return;
    if (rows.bytes() >= LONG_ROW)
      for (int row = 0; row < ni; row++)
        queue.copyToHost(rows.mesh, rows.offset(row), staging.asSlice(offset + row * rows.bytes(), rows.bytes()),
            rows.bytes());
    else
      forEachChunk(rows, (part, at) -> {
        DeviceBuffer into = packed.of(PACKED);
        rows("copy_rows", part.mesh, part.first, part.stride, into, 0, part.run, part.count, part.run);
        long bytes = part.count * part.bytes();
        queue.copyToHost(into, 0, staging.asSlice(offset + at, bytes), bytes);
      });
    queue.finish();
  }

  @Override
  public void unpack(MemorySegment staging, long offset, Field field, Grid grid, int i0, int ni, int j0, int nj) {
    Rows rows = Rows.of(field, grid, i0, ni, j0, nj);
    if (rows.empty())
      return;
    if (rows.bytes() >= LONG_ROW)
      for (int row = 0; row < ni; row++)
        queue.copyToDevice(staging.asSlice(offset + row * rows.bytes(), rows.bytes()), rows.mesh, rows.offset(row),
            rows.bytes());
    else
      unpack("copy_rows", staging, offset, rows);
    queue.finish();
  }

  @Override
  public void unpackAdd(MemorySegment staging, long offset, Ints field, Grid grid, int i0, int ni, int j0, int nj) {
    Rows rows = Rows.of(field, grid, i0, ni, j0, nj);
    if (rows.empty())
      return;
    unpack("add_rows", staging, offset, rows);
    queue.finish();
  }

  private void unpack(String kernel, MemorySegment staging, long offset, Rows rows) {
    forEachChunk(rows, (part, at) -> {
      DeviceBuffer from = packed.of(PACKED);
      long bytes = part.count * part.bytes();
      queue.copyToDevice(staging.asSlice(offset + at, bytes), from, 0, bytes);
      rows(kernel, from, 0, part.run, part.mesh, part.first, part.stride, part.count, part.run);
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
