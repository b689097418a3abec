package org.halocline.cosmology.lensing;

import org.halocline.cosmology.background.Background;
import org.halocline.cosmology.background.Coefficients;
import org.halocline.cosmology.background.Cosmology;
import org.halocline.cosmology.background.Curvature;
import org.halocline.cosmology.background.Jet;
import org.halocline.cosmology.theta.LimitException;

/**
 * The weight of each lens plane in each bin of κ, 3/2 Ωm (H0/c)² (Lz/n_p) (f_K(χ_i)/a(χ_i)) q_b(χ_i), and the
 * transverse distance f_K(χ_i) of each plane, at one θ, with their Jacobian by θ. Immutable.
 *
 * @param coefficients weights [bin][plane], then distances [plane]
 */
public record PlaneWeights(int bins, int planes, Coefficients coefficients) {

  /** @throws LimitException where closed space ends before a plane or a source */
  public static PlaneWeights compute(Background background, LensingKernel kernel) throws LimitException {
    int planes = kernel.planes();
    int bins = kernel.bins();
    Jet[] all = new Jet[bins * planes + planes];
    double thickness = kernel.lengthMpcH() / planes;
    double length2 = Background.HUBBLE_LENGTH_MPC_H * Background.HUBBLE_LENGTH_MPC_H;
    Cosmology cosmology = Cosmology.of(background.theta());
    Jet strength = new Jet(cosmology.omegaM(), 1, 0, 0, 0).times(1.5 * thickness / length2);
    double omegaK = cosmology.omegaK();
    boolean transverse = kernel.distance() == Distance.TRANSVERSE;
    Jet[] front = new Jet[planes];
    double[] sines = new double[Jet.SIZE * planes];
    double[] cosines = new double[Jet.SIZE * planes];
    for (int plane = 0; plane < planes; plane++) {
      double chi = kernel.planeDistanceMpcH(plane);
      Jet x = background.logScaleFactor(chi);
      double a = StrictMath.exp(x.value());
      Curvature there = curvature(transverse, Jet.constant(chi), omegaK, "the middle of lens plane " + plane,
          "simulation.box-mpc-h");
      front[plane] = strength.times(there.distance()).over(x.chain(a, a));
      there.distance().into(sines, plane, planes);
      there.slope().into(cosines, plane, planes);
      all[bins * planes + plane] = there.distance();
    }
    double[] efficiency = kernel.efficiency(inverseDistances(background, kernel, omegaK), sines, cosines);
    for (int bin = 0; bin < bins; bin++)
      for (int plane = 0; plane < planes; plane++) {
        int place = bin * planes + plane;
        all[place] = front[plane].times(Jet.of(efficiency, place, bins * planes));
      }
    return new PlaneWeights(bins, planes, Coefficients.of(background.theta(), all));
  }

  private static Curvature curvature(boolean transverse, Jet chi, double omegaK, String what, String key)
      throws LimitException {
    return transverse ? Curvature.at(chi, omegaK, what, key) : new Curvature(chi, Jet.ONE);
  }

  /**
   * f_K′/f_K at χ(z) of the table's z and its four derivatives, [component][z]; infinite at z = 0, 0 beyond closed
   * space.
   */
  private static double[] inverseDistances(Background background, LensingKernel kernel, double omegaK)
      throws LimitException {
    boolean transverse = kernel.distance() == Distance.TRANSVERSE;
    double[] x = kernel.logScaleFactors();
    double[] inverse = new double[Jet.SIZE * x.length];
    for (int i = 0; i < x.length; i++) {
      if (x[i] == 0) {
        inverse[i] = Double.POSITIVE_INFINITY;
        continue;
      }
      Jet chi = background.distance(x[i]);
      if (!transverse || kernel.hasSources(i) || chi.value() < background.farthestMpcH()) {
        Curvature there = curvature(transverse, chi, omegaK,
            "sources at z = " + (float) StrictMath.expm1(-x[i]), "lensing.sources");
        there.slope().over(there.distance()).into(inverse, i, x.length);
      }
    }
    return inverse;
  }

  /** Weights as [bin][plane], flat: a new array. */
  public double[] weights() {
    return coefficients.values(0, bins * planes);
  }

  /** Transverse distances of the planes, Mpc/h: a new array. A ray meets a plane at its angle times this. */
  public double[] distances() {
    return coefficients.values(bins * planes, planes);
  }
}
