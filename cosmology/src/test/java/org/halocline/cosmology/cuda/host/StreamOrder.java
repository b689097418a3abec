package org.halocline.cosmology.cuda.host;

import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;

/** Which of two streams goes on where either may. A GPU may do any of these. */
public enum StreamOrder {
  /** Kernels run as far ahead of copies aside as events let them. */
  KERNELS_FIRST {
    @Override
    BooleanSupplier kernelsNext() {
      return () -> true;
    }
  },
  /** Copies aside run as far ahead of kernels as events let them. */
  COPIES_FIRST {
    @Override
    BooleanSupplier kernelsNext() {
      return () -> false;
    }
  },
  /** Either, by chance. */
  SHUFFLED {
    @Override
    BooleanSupplier kernelsNext() {
      SplittableRandom random = new SplittableRandom(20_261_122);
      return random::nextBoolean;
    }
  };

  /** Asked each time that both may: whether it is the kernels' turn. Of one queue. */
  abstract BooleanSupplier kernelsNext();

  /** Events that a queue may be made to forget, to see whether anybody notices. */
  public enum Event {
    /** A copy to the host waits for what was enqueued before it. */
    COPY_AFTER_KERNELS,
    /** A copy to the device waits for its mark. */
    COPY_AFTER_MARK,
    /** Kernels wait for a copy that was joined. */
    KERNELS_AFTER_COPY
  }
}
