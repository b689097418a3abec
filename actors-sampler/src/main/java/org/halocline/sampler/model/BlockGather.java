package org.halocline.sampler.model;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.halocline.cosmology.comm.Port;
import org.halocline.cosmology.kernel.Field;
import org.halocline.cosmology.kernel.Kernels;
import org.halocline.cosmology.mesh.Block;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.sampler.tape.RankScope;

/**
 * Brings a field that is cut into blocks to rank 0, a few rows of one block at a time, so that no rank ever holds more
 * than its own. Every rank makes the same calls. Used by the chain's own thread.
 */
public final class BlockGather {
  private static final int CHUNK_FLOATS = 1 << 18;

  /** Reads elements of this rank's block, in its order. */
  public interface Source {
    void read(int start, float[] into, int count);

    /** Elements of a field of floats. */
    static Source of(Kernels kernels, Field.Floats field) {
      return (start, into, count) -> kernels.memory().read(field, start, into, 0, count);
    }

    /** Elements of a field of integers, times a quantum. */
    static Source of(Kernels kernels, Field.Ints field, double quantum) {
      return (start, into, count) -> {
        int[] quanta = new int[count];
        kernels.memory().read(field, start, quanta, 0, count);
        for (int i = 0; i < count; i++)
          into[i] = (float) (quanta[i] * quantum);
      };
    }
  }

  /** Takes rows [x, x + nx) × [y, y + ny) × all z of the mesh; called on rank 0. */
  public interface Sink {
    void write(int x, int nx, int y, int ny, float[] values) throws IOException;
  }

  private final Decomposition decomposition;
  private final Port port;
  private final MemorySegment staging;

  private BlockGather(Decomposition decomposition, Kernels kernels, Port port) {
    this.decomposition = decomposition;
    this.port = port;
    long longest = 0;
    for (int peer = 0; peer < decomposition.ranks(); peer++)
      longest = Math.max(longest, (long) rowsAtOnce(peer) * rowFloats(peer));
    this.staging = decomposition.ranks() > 1 ? kernels.memory().staging(4 * longest) : MemorySegment.NULL;
  }

  /** The gathers of a rank by how a grid is cut; each is made when it is first asked for. */
  public static Function<Decomposition, BlockGather> perGrid(RankScope scope) {
    Map<Decomposition, BlockGather> made = new HashMap<>();
    return cut -> made.computeIfAbsent(cut,
        _ -> new BlockGather(cut, scope.kernels(), scope.collectives().port()));
  }

  /** Native memory that one takes, bytes; an upper bound. */
  public static long stagingBytes(Decomposition decomposition) {
    long row = (long) decomposition.mesh().ny() * decomposition.mesh().nz();
    return decomposition.ranks() > 1 ? 4 * Math.max(CHUNK_FLOATS, row) : 0;
  }

  /** Heap that rows take on their way on a rank, bytes: as read, as received and as written; an upper bound. */
  public static long bufferBytes(Decomposition decomposition, int rank) {
    long row = (long) decomposition.mesh().ny() * decomposition.mesh().nz();
    return (rank == 0 ? 4 : 2) * 4 * Math.min(Math.max(CHUNK_FLOATS, row), decomposition.mesh().size());
  }

  private int rowFloats(int rank) {
    Block block = decomposition.block(rank);
    return Math.multiplyExact(block.ny(), block.nz());
  }

  private int rowsAtOnce(int rank) {
    return Math.clamp(CHUNK_FLOATS / rowFloats(rank), 1, decomposition.block(rank).nx());
  }

  /** Moves the whole field. A failure of the sink on rank 0 ends the domain, as any failure does. */
  public void gather(Source source, Sink sink) throws IOException {
    for (int from = 0; from < decomposition.ranks(); from++) {
      Block block = decomposition.block(from);
      int row = rowFloats(from);
      int atOnce = rowsAtOnce(from);
      for (int x = 0; x < block.nx(); x += atOnce) {
        int rows = Math.min(atOnce, block.nx() - x);
        if (port.rank() == 0)
          sink.write(block.x0() + x, rows, block.y0(), block.ny(), receive(from, x * row, rows * row, source));
        else if (port.rank() == from)
          send(x * row, rows * row, source);
        port.yieldPoint();
      }
    }
  }

  private float[] receive(int from, int start, int count, Source source) {
    float[] values = new float[count];
    if (from == 0)
      source.read(start, values, count);
    else {
      MemorySegment memory = staging.asSlice(0, 4L * count);
      port.exchange(Port.Phase.GATHER, List.of(), List.of(new Port.Parcel(from, memory)));
      MemorySegment.copy(memory, ValueLayout.JAVA_FLOAT, 0, values, 0, count);
    }
    return values;
  }

  private void send(int start, int count, Source source) {
    float[] values = new float[count];
    source.read(start, values, count);
    MemorySegment memory = staging.asSlice(0, 4L * count);
    MemorySegment.copy(values, 0, memory, ValueLayout.JAVA_FLOAT, 0, count);
    port.exchange(Port.Phase.GATHER, List.of(new Port.Parcel(0, memory)), List.of());
  }
}
