package org.halocline.sampler.model.cost;

import java.lang.foreign.Arena;
import org.halocline.cosmology.comm.Collectives;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.sampler.tape.RankScope;

/**
 * One rank of a domain on which a program runs without numbers: its kernels do nothing, its port moves nothing, and
 * what real fields would take is counted.
 */
public final class DryRank implements AutoCloseable {
  private static final double[] STILL = {0, 0, 0};

  private final SilentKernels.Allocated allocated = new SilentKernels.Allocated();
  private final Arena arena = Arena.ofConfined();
  private final RankScope scope;

  public DryRank(Decomposition decomposition, int rank) {
    this.scope = RankScope.dry(SilentKernels.of(decomposition.mesh().size(), STILL, allocated), decomposition, rank,
        new Collectives(new CountingPort(rank, decomposition.ranks()), arena));
  }

  public RankScope scope() {
    return scope;
  }

  /** Bytes of all fields that were allocated so far. */
  public long fieldBytes() {
    return allocated.fieldBytes();
  }

  /** Bytes of native memory for exchanges that were allocated so far. */
  public long stagingBytes() {
    return allocated.stagingBytes();
  }

  @Override
  public void close() {
    arena.close();
  }
}
