package org.halocline.sampler.tape;

import java.util.Optional;
import org.halocline.cosmology.kernel.Field;

/** One spare field of a rank, allocated when a program first reads one latent field by two operations. */
public final class Scratch {
  private Optional<Field.Floats> field = Optional.empty();

  Field.Floats field(RankScope scope, int size) {
    if (field.isEmpty() || field.get().size() != size)
      field = Optional.of(scope.kernels().memory().floats(size));
    return field.get();
  }
}
