package org.halocline.sampler.model.nbody;

import java.util.List;
import java.util.Optional;
import org.halocline.cosmology.timeline.Edges;
import org.halocline.cosmology.timeline.Scheme;
import org.halocline.cosmology.timeline.Spacing;
import org.halocline.cosmology.timeline.Timeline;
import org.halocline.runtime.config.Range;
import org.halocline.runtime.config.Settings;

/**
 * How a simulation goes through time: {@code a-initial}, {@code lpt-order}, {@code scheme}, and a light cone or a
 * snapshot.
 */
final class TimelineSettings {
  private static final int MOST_STEPS = 4096;

  private TimelineSettings() {}

  /**
   * Empty where a problem was noted.
   *
   * @param simulation the block {@code simulation}
   * @param cells of the mesh, if known
   * @param lengthMpcH of the box along the line of sight, if known
   */
  static Optional<Timeline> read(Settings simulation, Optional<List<Integer>> cells, Optional<Double> lengthMpcH) {
    double aInitial = simulation.number("a-initial", 0.1, Range.between(0.001, 0.9));
    int lptOrder = simulation.integer("lpt-order", 2, 1, 2);
    Scheme scheme = simulation.choice("scheme", Scheme.class, Scheme.BULLFROG);
    return edges(simulation, cells, lengthMpcH).map(edges -> new Timeline(aInitial, lptOrder, scheme, edges));
  }

  private static Optional<Edges> edges(Settings simulation, Optional<List<Integer>> cells,
      Optional<Double> lengthMpcH) {
    Optional<Settings> cone = simulation.optionalBlock("light-cone");
    Optional<Settings> snapshot = simulation.optionalBlock("snapshot");
    if (cone.isEmpty() && snapshot.isEmpty())
      simulation.refuse("light-cone", "is missing, and so is snapshot",
          "give light-cone { steps-before = 4, planes = 8 } or snapshot { steps = 6, spacing = a }");
    if (cone.isPresent() && snapshot.isPresent())
      simulation.problem("snapshot", "", "cannot stand beside light-cone", "keep one of the two");
    Optional<Edges> fromCone = cone.flatMap(block -> lightCone(block, cells, lengthMpcH));
    Optional<Edges> fromSnapshot = snapshot.flatMap(TimelineSettings::snapshot);
    return fromCone.or(() -> fromSnapshot);
  }

  private static Optional<Edges> lightCone(Settings block, Optional<List<Integer>> cells, Optional<Double> lengthMpcH) {
    int before = block.integer("steps-before", 4, 1, MOST_STEPS);
    Optional<Integer> planes = block.requiredInteger("planes", 1, MOST_STEPS);
    if (planes.isEmpty() || cells.isEmpty())
      return Optional.empty();
    int nz = cells.get().get(2);
    if (nz % planes.get() != 0) {
      block.refuse("planes", "must divide the " + nz + " cells of simulation.mesh along z", "take "
          + nearestDivisor(nz, planes.get()) + " planes, or another mesh");
      return Optional.empty();
    }
    return lengthMpcH.map(length -> new Edges.LightCone(before, planes.get(), length));
  }

  private static Optional<Edges> snapshot(Settings block) {
    Optional<Integer> steps = block.requiredInteger("steps", 1, MOST_STEPS);
    Spacing spacing = block.choice("spacing", Spacing.class, Spacing.A);
    return steps.map(number -> new Edges.Snapshot(number, spacing));
  }

  private static int nearestDivisor(int cells, int wanted) {
    int nearest = 1;
    for (int divisor = 1; divisor <= cells; divisor++)
      if (cells % divisor == 0 && Math.abs(divisor - wanted) < Math.abs(nearest - wanted))
        nearest = divisor;
    return nearest;
  }
}
