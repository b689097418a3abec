package org.halocline.ops.machine;

import java.util.List;
import org.halocline.runtime.config.Bytes;
import org.halocline.runtime.layout.PlannedLayout;

/**
 * What the JVM that runs a job takes in all, and how it is started for it. The serial collector holds large arrays with
 * the least beside them: all of its heap but the young generation, which is kept small, fixed and apart
 * (ops/docs/memory.md has the measurements).
 *
 * @param heapBytes of the job, on the heap
 * @param nativeBytes of the job, beside the heap
 * @param dataPlane whether ranks talk to each other
 */
public record JvmNeeds(long heapBytes, long nativeBytes, boolean dataPlane) {
  private static final long MIB = 1L << 20;
  /**
   * Short-lived objects take so much, or this share of the heap, so that no collection falls into a step. All of it is
   * touched soon.
   */
  static final long YOUNG_BYTES = 32 * MIB;
  private static final long YOUNG_MOST_BYTES = 128 * MIB;
  private static final int YOUNG_SHARE = 64;
  /** Long-lived objects of Pekko, the job file, tables of the background. */
  static final long OLD_BYTES = 24 * MIB;
  /** This part of the heap is left unplanned. */
  static final long SPARE_HEAP_BYTES = 32 * MIB;
  /**
   * Classes, compiled code, what its compiler takes and the allocator keeps of it, threads, the collector, files
   * mapped.
   */
  static final long JVM_BYTES = 166 * MIB;
  /**
   * So often, in milliseconds, the C library gives back what a compilation took. Otherwise it keeps some of it for each
   * thread.
   */
  private static final int TRIM_MS = 2000;
  /** Aeron's media driver: buffers, logs, code. */
  static final long DATA_PLANE_BYTES = 52 * MIB;
  /** Arrays as large as this are fields: they come to stay, and are made where they stay. */
  private static final long FIELD_BYTES = 4 * MIB;
  /** Direct buffers of Pekko and Aeron; a limit, not a need. */
  private static final long DIRECT_BYTES = 256 * MIB;
  /** The collector's tables take two bytes for each 512 of the heap. */
  private static final double TABLES = 2.0 / 512;
  private static final double RESERVE = 0.02;
  private static final long RESERVE_BYTES = 64 * MIB;
  /** What CUDA's driver and libraries take of the machine's memory; not measured yet. */
  public static final long GPU_DRIVER_BYTES = 512 * MIB;
  private static final long FIXED_BYTES = OLD_BYTES + JVM_BYTES + DATA_PLANE_BYTES;

  public static JvmNeeds of(PlannedLayout planned) {
    return new JvmNeeds(planned.heapBytes(), planned.nativeBytes() + driverBytes(planned),
        planned.layout().ranks() > 1);
  }

  /** What CUDA's driver and libraries take beside the heap, where the job is on a GPU. */
  public static long driverBytes(PlannedLayout planned) {
    return planned.deviceBytes() > 0 ? GPU_DRIVER_BYTES : 0;
  }

  /** The JVM takes this without any job, and for its collector's tables of the job's heap. */
  public long ownBytes() {
    return youngBytes(heapBytes) + OLD_BYTES + JVM_BYTES + (dataPlane ? DATA_PLANE_BYTES : 0)
        + (long) (heapBytes * TABLES);
  }

  private static long youngBytes(long bytes) {
    return Math.clamp(bytes / YOUNG_SHARE / MIB * MIB, YOUNG_BYTES, YOUNG_MOST_BYTES);
  }

  /** The largest resident memory that is to be expected. */
  public long peakBytes() {
    return heapBytes + nativeBytes + ownBytes();
  }

  /** So much must be there: the peak, and a reserve for what cannot be planned. */
  public long neededBytes() {
    return RESERVE_BYTES
        + (long) Math
            .ceil((1 + RESERVE) * ((heapBytes + nativeBytes) * (1 + TABLES) + youngBytes(heapBytes + nativeBytes)
                + FIXED_BYTES));
  }

  public long reserveBytes() {
    return neededBytes() - peakBytes();
  }

  /** "1.2 GiB (900 MiB of heap, …)". */
  public String inWords() {
    return Bytes.text(neededBytes()) + " (" + Bytes.text(heapBytes) + " of heap, " + Bytes.text(nativeBytes)
        + " beside it, " + Bytes.text(ownBytes()) + " for the JVM, " + Bytes.text(reserveBytes()) + " in reserve)";
  }

  /** The most that all lanes may take together where so much is available: {@link #neededBytes} the other way round. */
  static long forLanes(long availableBytes) {
    double forJob = (availableBytes - RESERVE_BYTES) / (1 + RESERVE) - FIXED_BYTES;
    return (long) Math.max(0, (forJob - youngBytes((long) forJob)) / (1 + TABLES));
  }

  public long heapLimitBytes() {
    return Math.ceilDiv(heapBytes + youngBytes(heapBytes) + OLD_BYTES + SPARE_HEAP_BYTES, MIB) * MIB;
  }

  public List<String> options() {
    String heap = heapLimitBytes() / MIB + "m";
    return List.of("-Xms" + heap, "-Xmx" + heap, "-Xmn" + youngBytes(heapBytes) / MIB + "m", "-XX:+UseSerialGC",
        "-XX:PretenureSizeThreshold=" + FIELD_BYTES,
        "-XX:+UseTransparentHugePages", "-XX:TrimNativeHeapInterval=" + TRIM_MS,
        "-XX:MaxDirectMemorySize=" + Math.ceilDiv(nativeBytes + DIRECT_BYTES, MIB) + "m");
  }
}
