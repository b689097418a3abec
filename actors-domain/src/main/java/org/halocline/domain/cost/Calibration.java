package org.halocline.domain.cost;

/**
 * What one machine takes for the pieces of a simulation; measured by {@code halocline bench --calibrate}.
 *
 * @param origin where and when it was measured, in words
 * @param forwardNs a particle and step of the forward pass on one core, but for its Fourier transforms
 * @param reverseNs a particle and step of the reverse pass, but for its transforms
 * @param initialNs a particle, from noise to the first step
 * @param initialReverseNs a particle, from the first step back to the noise
 * @param fourierNs a cell of a mesh, a forward and an inverse transform together, for each factor of two in its cells
 * @param stepUs a step of no particles
 * @param roundUs an exchange of no bytes between ranks of one node: the two ways, and the wait for a lane
 * @param localBytesANs what the data plane of one node carries between its ranks
 * @param networkRoundUs an exchange of no bytes between nodes
 * @param networkBytesANs what a node sends to others, at its best
 */
public record Calibration(String origin, double forwardNs, double reverseNs, double initialNs, double initialReverseNs,
    double fourierNs, double stepUs, double roundUs, double localBytesANs, double networkRoundUs,
    double networkBytesANs) {

  /** Of the machine that the project was last measured on; any other differs by a factor. */
  public static Calibration stored() {
    return new Calibration("two cores of an AMD EPYC (Zen 3)", 90, 200, 300, 400, 1.3, 100, 60, 2, 40, 10);
  }
}
