package org.halocline.sampler.model.nbody;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.halocline.cosmology.background.Cosmology;
import org.halocline.cosmology.theta.Parameter;
import org.halocline.cosmology.theta.Theta;

/** The corners of priors at which particles must have room. */
final class Corners {
  private Corners() {}

  /**
   * Each prior's ends, one at a time, at the largest amplitude.
   *
   * @param ends where priors practically end, by parameter
   */
  static List<Theta> of(Theta reference, Map<String, double[]> ends) {
    if (ends.isEmpty())
      return List.of();
    String amplitude = Cosmology.SIGMA8.name();
    Theta loudest = ends.containsKey(amplitude)
        ? reference.with(amplitude, within(Cosmology.SIGMA8, ends.get(amplitude))[1])
        : reference;
    List<Theta> corners = new ArrayList<>(List.of(loudest));
    for (Parameter parameter : Cosmology.PARAMETERS)
      if (ends.containsKey(parameter.name()) && !parameter.equals(Cosmology.SIGMA8))
        for (double end : within(parameter, ends.get(parameter.name())))
          corners.add(loudest.with(parameter.name(), end));
    return corners;
  }

  private static double[] within(Parameter parameter, double[] ends) {
    return Arrays.stream(ends).map(end -> Math.clamp(end, parameter.least(), parameter.most())).toArray();
  }
}
