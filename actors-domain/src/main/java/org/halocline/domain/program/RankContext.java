package org.halocline.domain.program;

import java.nio.file.Path;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.halocline.cosmology.comm.Port;
import org.halocline.cosmology.kernel.Kernels;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.runtime.rank.RankAssignment;

/**
 * Everything a program may use. Kernels and port belong to the chain's thread; the kernels' memory is freed after the
 * program was closed.
 *
 * @param chain number of the chain in its job
 * @param cancelled true once the chain should end; {@link Port#yieldPoint()} and every exchange then throw
 * @param progress may be called at any time from the chain's thread; never blocks
 * @param meter what the port has moved for this chain
 */
public record RankContext(RankAssignment assignment, int chain, Decomposition decomposition, int rank,
    Kernels kernels, Port port, BooleanSupplier cancelled, Consumer<RankProgress> progress, PortMeter meter,
    Path runDirectory) {

  /** Tells how far this rank is. */
  public void tell(String line, Map<String, Double> numbers) {
    progress.accept(new RankProgress(chain, rank, line, numbers));
  }
}
