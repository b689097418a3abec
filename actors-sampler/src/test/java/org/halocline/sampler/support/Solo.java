package org.halocline.sampler.support;

import java.lang.foreign.Arena;
import org.halocline.cosmology.comm.Collectives;
import org.halocline.cosmology.comm.Port;
import org.halocline.cosmology.core.CoreKernels;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.sampler.tape.RankScope;

/** The only rank of programs without fields. */
public final class Solo {
  private Solo() {}

  public static RankScope scope() {
    return new RankScope(CoreKernels.of(), Decomposition.even(new Mesh(2, 2, 2, 1, 1, 1), 1, 1), 0,
        new Collectives(Port.solo(), Arena.ofAuto()));
  }
}
