package org.halocline.cosmology.cuda;

import org.halocline.cosmology.cuda.device.DeviceBuffer;
import org.halocline.cosmology.cuda.device.DeviceQueue;
import org.halocline.cosmology.cuda.device.LineFft;
import org.halocline.cosmology.cuda.device.LineFft.Kind;
import org.halocline.cosmology.cuda.memory.DeviceScratch;
import org.halocline.cosmology.mesh.Mesh;

/**
 * Batches of lines, in two buffers, and their transforms. How many lines a batch has follows from the length alone,
 * since another batch may have other bits: every layout transforms batches of that size, and the numbers that fill up
 * the last batch do not count. A batch stays in the second cache of a large GPU between the kernels that fill,
 * transform and empty it.
 */
final class LineBatches {
  /** Grows with every change to the bits of a line: to the choice of lines of a batch, its length or its plan. */
  static final int VERSION = 1;
  /** Complex numbers of a batch, at most: 32 MiB. */
  private static final long NUMBERS = 1 << 22;
  /** Lines of a batch, at least, where they fit. */
  private static final long LEAST_LINES = 64;

  private final DeviceQueue queue;
  private final DeviceScratch first;
  private final DeviceScratch second;
  private final long bytes;

  /** Of all lines of a mesh. */
  LineBatches(DeviceQueue queue, DeviceScratch first, DeviceScratch second, Mesh mesh) {
    this.queue = queue;
    this.first = first;
    this.second = second;
    this.bytes = bufferBytes(mesh);
  }

  /** Lines of a batch: those of a cube of that side, or what fits. */
  static int lines(Kind kind, int length) {
    long fit = Math.max(1, NUMBERS / (kind.stride(length) / 2));
    return (int) Math.min(fit, Math.max(LEAST_LINES, (long) length * length));
  }

  private static long bufferBytes(Mesh mesh) {
    long z = Kind.REAL_TO_COMPLEX.bytes(mesh.nz(), lines(Kind.REAL_TO_COMPLEX, mesh.nz()));
    long y = Kind.COMPLEX.bytes(mesh.ny(), lines(Kind.COMPLEX, mesh.ny()));
    long x = Kind.COMPLEX.bytes(mesh.nx(), lines(Kind.COMPLEX, mesh.nx()));
    return Math.max(z, Math.max(y, x));
  }

  /** Device memory that the batches of a mesh take, without the FFT library's. */
  static long deviceBytes(Mesh mesh) {
    return 2 * bufferBytes(mesh);
  }

  /**
   * Device memory that the FFT library's work area takes at most: all plans share the largest, and while it grows the
   * smaller one before it is still held. Lines along z come first, then y, then x.
   */
  static long workBytes(Mesh mesh) {
    long held = 0;
    long most = 0;
    for (long needed : new long[]{workBytes(Kind.REAL_TO_COMPLEX, mesh.nz()), workBytes(Kind.COMPLEX, mesh.ny()),
        workBytes(Kind.COMPLEX, mesh.nx()), workBytes(Kind.COMPLEX_TO_REAL, mesh.nz())})
      if (needed > held) {
        most = held + needed;
        held = needed;
      }
    return most;
  }

  private static long workBytes(Kind kind, int length) {
    return length == 1 ? 0 : kind.workBytes(length, lines(kind, length));
  }

  DeviceBuffer first() {
    return first.of(bytes);
  }

  DeviceBuffer second() {
    return second.of(bytes);
  }

  /** Transforms a batch in place. A line of one number is its own transform. */
  void run(Kind kind, int length, boolean inverse, DeviceBuffer batch) {
    if (length == 1)
      return;
    LineFft fft = queue.lines(kind, length, lines(kind, length));
    fft.run(batch, 0, batch, 0, inverse);
  }
}
