package org.halocline.sampler.tape;

import java.util.ArrayList;
import java.util.List;
import org.halocline.cosmology.kernel.Field;

/**
 * Spare fields of a rank. They are allocated when a program is recorded for the first time, and only by one that reads
 * a field by two operations, or data or the result of another operation by an operation.
 */
public final class Scratch {
  private final List<Field.Floats> spare = new ArrayList<>();
  private final List<Field.Floats> taken = new ArrayList<>();

  Field.Floats take(RankScope scope, int size) {
    for (int i = 0; i < spare.size(); i++)
      if (spare.get(i).size() == size) {
        taken.add(spare.remove(i));
        return taken.getLast();
      }
    taken.add(scope.kernels().memory().floats(size));
    return taken.getLast();
  }

  void giveBack(Field.Floats field) {
    taken.remove(field);
    spare.add(field);
  }

  /** Everything is spare again: the tape that took it is gone. */
  void reset() {
    spare.addAll(taken);
    taken.clear();
  }
}
