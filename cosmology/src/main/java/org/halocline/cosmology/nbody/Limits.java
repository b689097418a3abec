package org.halocline.cosmology.nbody;

import java.util.Arrays;
import org.halocline.cosmology.comm.Collectives;
import org.halocline.cosmology.kernel.ExactSum;
import org.halocline.cosmology.kernel.Particles.Moved;
import org.halocline.cosmology.theta.LimitException;

/** Bounds on the state of a simulation. A limit is found on every rank alike. */
record Limits(SimulationPlan plan, Collectives collectives) {

  /** @param largest |x| by axis over all ranks, cells */
  void within(double[] largest, String when) throws LimitException {
    for (int axis = 0; axis < 3; axis++) {
      double bound = plan.maxDisplacementCells()[axis];
      if (!(largest[axis] <= bound))
        throw new LimitException("largest displacement along " + "xyz".charAt(axis) + " at " + when + ", cells",
            largest[axis], "at most " + bound, "simulation.max-displacement");
    }
  }

  /**
   * The state that a step ended with, and the one that the next step begins with, travel in one message.
   *
   * @return the largest |x| by axis over all ranks after the last drift, cells
   */
  double[] moved(int step, Moved moved) throws LimitException {
    double[] first = moved.displacements()[0];
    double[] last = moved.displacements()[moved.displacements().length - 1];
    double[] all = {first[0], first[1], first[2], moved.momentum(), last[0], last[1], last[2]};
    collectives.max(all);
    state(all, "step " + (step + 1));
    return Arrays.copyOfRange(all, 4, 7);
  }

  /** @param largest on this rank |x| by axis, cells, and |P|, quanta */
  void initial(double[] largest) throws LimitException {
    collectives.max(largest);
    if (Double.isNaN(largest[0] + largest[1] + largest[2] + largest[3]))
      throw new LimitException("largest displacement or momentum at a-initial", Double.NaN,
          "finite, as the noise must be", "simulation.noise");
    state(largest, "a-initial");
  }

  private void state(double[] all, String when) throws LimitException {
    if (!(all[3] < 0x1p31))
      throw new LimitException("largest momentum at " + when + ", quanta", all[3], "below 2^31",
          "simulation.a-initial");
    within(all, when);
  }

  /** A cell that overflowed int32 shows as a total short of a multiple of 2^32. */
  void mass(long mass, int paints) throws LimitException {
    ExactSum high = new ExactSum();
    high.add((double) (mass >> 32));
    ExactSum low = new ExactSum();
    low.add((double) (mass & 0xffffffffL));
    collectives.sum(high, low);
    double found = high.value() * 0x1p32 + low.value();
    double expected = (double) plan.mesh().size() * plan.units().massUnits() * paints;
    if (found != expected)
      throw new LimitException("mass painted over the steps", found, "exactly " + expected + ": a cell overflowed",
          "simulation.mesh");
  }
}
