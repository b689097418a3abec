package org.halocline.sampler.model.snapshot;

import org.halocline.sampler.model.nbody.NbodyKind;

/** {@code model = snapshot}: the density at the end of a simulation. */
public final class SnapshotKind extends NbodyKind {

  public SnapshotKind() {
    super(true, SnapshotModel::new);
  }

  @Override
  public String name() {
    return "snapshot";
  }
}
