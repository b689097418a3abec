package org.halocline.cosmology.power;

import org.halocline.cosmology.background.Cosmology;
import org.halocline.cosmology.theta.LimitException;

/**
 * Linear power of matter today, k^ns T² with T of Eisenstein & Hu 1998, normalised to σ8 in spheres of 8 Mpc/h.
 * Immutable; k in h/Mpc, P in (Mpc/h)³.
 */
public final class LinearPower {
  private final Cosmology cosmology;
  private final TransferFunction transfer;
  /** √P = amplitude · k^(ns/2) |T|. */
  private final double amplitude;
  /** d ln amplitude by each of {@link RootPower#PARAMETERS}. */
  private final double[] logAmplitude;

  private LinearPower(Cosmology cosmology) throws LimitException {
    this.cosmology = cosmology;
    LimitException.require(cosmology.sigma8() > 0 && Double.isFinite(cosmology.sigma8()), "sigma8", cosmology.sigma8(),
        "positive and finite", "cosmology.sigma8");
    LimitException.require(Double.isFinite(cosmology.nS()), "n-s", cosmology.nS(), "finite", "cosmology.n-s");
    transfer = new TransferFunction(cosmology);
    double variance = 0;
    double byOmegaM = 0;
    double byOmegaB = 0;
    double byH = 0;
    double byNs = 0;
    double[] t = new double[TransferFunction.SIZE];
    for (int i = 0; i < TopHat.K.length; i++) {
      transfer.evaluate(TopHat.K[i], TopHat.LOG_K[i], t);
      double tilt = TopHat.WEIGHT[i] * StrictMath.exp(cosmology.nS() * TopHat.LOG_K[i]);
      double value = tilt * t[TransferFunction.T] * t[TransferFunction.T];
      double slope = 2 * tilt * t[TransferFunction.T];
      variance += value;
      byNs += value * TopHat.LOG_K[i];
      byOmegaM += slope * t[TransferFunction.BY_OMEGA_M];
      byOmegaB += slope * t[TransferFunction.BY_OMEGA_B];
      byH += slope * t[TransferFunction.BY_H];
    }
    amplitude = cosmology.sigma8() / Math.sqrt(variance);
    LimitException.require(variance > 0 && amplitude > 0 && Double.isFinite(amplitude), "unnormalised sigma8 squared",
        variance, "positive and finite", "cosmology.n-s, cosmology.omega-m or cosmology.h");
    logAmplitude = new double[]{-0.5 * byOmegaM / variance, -0.5 * byOmegaB / variance, -0.5 * byH / variance,
        -0.5 * byNs / variance, 1 / cosmology.sigma8()};
  }

  public static LinearPower of(Cosmology cosmology) throws LimitException {
    return new LinearPower(cosmology);
  }

  /** P(k) for k > 0. */
  public double at(double kHMpc) {
    double logK = StrictMath.log(kHMpc);
    double[] t = new double[TransferFunction.SIZE];
    transfer.evaluate(kHMpc, logK, t);
    double root = amplitude * t[TransferFunction.T];
    return root * root * StrictMath.exp(cosmology.nS() * logK);
  }

  /**
   * Writes √P(k) and its derivatives by {@link RootPower#PARAMETERS} to {@code into[0…5][at]}.
   *
   * @param scratch of {@link TransferFunction#SIZE}
   */
  void root(double k, double logK, double[][] into, int at, double[] scratch) {
    transfer.evaluate(k, logK, scratch);
    double tilt = amplitude * StrictMath.exp(0.5 * cosmology.nS() * logK);
    double signed = scratch[TransferFunction.T] < 0 ? -tilt : tilt;
    double value = signed * scratch[TransferFunction.T];
    into[0][at] = value;
    into[1][at] = signed * scratch[TransferFunction.BY_OMEGA_M] + value * logAmplitude[0];
    into[2][at] = signed * scratch[TransferFunction.BY_OMEGA_B] + value * logAmplitude[1];
    into[3][at] = signed * scratch[TransferFunction.BY_H] + value * logAmplitude[2];
    into[4][at] = value * (0.5 * logK + logAmplitude[3]);
    into[5][at] = value * logAmplitude[4];
  }
}
