package org.halocline.domain.program;

import java.nio.file.Path;
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
 * @param port once the chain should end, {@link Port#yieldPoint()} and every exchange throw
 * @param progress may be called at any time from the chain's thread; never blocks
 * @param meter what the port has moved for this chain
 */
public record RankContext(RankAssignment assignment, int chain, Decomposition decomposition, int rank,
    Kernels kernels, Port port, Consumer<RankProgress> progress, PortMeter meter,
    Path runDirectory) {

  /** Tells how far this rank is: a line for people, units that are done and units in all. */
  public void tell(String line, int done, int of) {
    progress.accept(new RankProgress(chain, rank, line, done, of));
  }
}
