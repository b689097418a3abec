package org.halocline.sampler.model.cost;

/**
 * What one machine takes for the pieces of a simulation; measured by {@code halocline bench --calibrate}.
 *
 * @param origin where and when it was measured, in words
 * @param forwardNs a particle and step of the forward pass on one core, but for its Fourier transforms
 * @param reverseNs a particle and step of the reverse pass, but for its transforms
 * @param initialNs a particle, from noise to the first step
 * @param initialReverseNs a particle, from the first step back to the noise
 * @param fourierNs a cell of a mesh, a forward and an inverse transform together, for each factor of two in its cells
 * @param passUs a pass of no steps
 * @param stepUs a step of no particles
 * @param crowding by how much slower a core computes where the other cores of its node compute too
 * @param copyNs a byte sent, packed here and unpacked there
 * @param local how ranks of one node reach each other
 * @param network how nodes do
 */
public record Calibration(String origin, double forwardNs, double reverseNs, double initialNs, double initialReverseNs,
    double fourierNs, double passUs, double stepUs, double crowding, double copyNs, Carrier local, Carrier network) {

  /**
   * What carries bytes between ranks.
   *
   * @param roundUs an exchange of no bytes: a credit one way, the block the other, and the wait for a core
   * @param messageUs a block more in the same exchange
   * @param bytesANs what a node's data plane carries for all of its ranks
   */
  public record Carrier(double roundUs, double messageUs, double bytesANs) {}

  /** Where it was not measured: UDP as it is between two data planes of one machine. */
  public static final Carrier UDP = new Carrier(300, 5, 0.7);

  /** The same machine on another network. */
  public Calibration with(Carrier other) {
    return new Calibration(origin, forwardNs, reverseNs, initialNs, initialReverseNs, fourierNs, passUs, stepUs,
        crowding, copyNs, local, other);
  }

  /** The same cores beside others of their node. */
  public Calibration withSharing(double newCrowding, double newCopyNs, Carrier newLocal) {
    return new Calibration(origin, forwardNs, reverseNs, initialNs, initialReverseNs, fourierNs, passUs, stepUs,
        newCrowding, newCopyNs, newLocal, network);
  }

  /** Of the machine that the project was last measured on; any other differs by a factor. */
  public static Calibration stored() {
    return new Calibration(
        "two cores of an AMD EPYC (Zen 3), as stored; halocline bench --calibrate measures this machine",
        31, 102, 11, 116, 0.27, 930, 0, 1.3, 0.26, new Carrier(40, 5, 2.7), UDP);
  }
}
