package org.halocline.cosmology.power;

import org.apache.commons.math3.analysis.differentiation.DerivativeStructure;
import org.halocline.cosmology.background.Cosmology;
import org.halocline.cosmology.theta.LimitException;

/**
 * Transfer function of Eisenstein & Hu 1998 (ApJ 496, 605, eqs 2–24) with wiggles, T_cmb = 2.7255 K, and its
 * derivatives.
 *
 * <p>
 * What does not depend on k is a function of Ωm h² and Ωb h² and is worked out once, with derivatives, by
 * {@link DerivativeStructure}; the function of k is differentiated by hand. Holds no scratch: any thread may use it.
 */
final class TransferFunction {
  private static final double THETA = 2.7255 / 2.7;
  private static final double THETA2 = THETA * THETA;

  /** Places of the derivatives in what {@link #evaluate} writes. */
  static final int T = 0;
  static final int BY_OMEGA_M = 1;
  static final int BY_OMEGA_B = 2;
  static final int BY_H = 3;
  static final int SIZE = 4;

  private final double omegaM;
  private final double omegaB;
  private final double h;
  private final double logH;
  private final Shape keq;
  private final Shape sound;
  private final Shape silk;
  private final Shape alphaC;
  private final Shape betaC;
  private final Shape alphaB;
  private final Shape betaB;
  private final Shape betaNode;
  private final Shape baryons;
  private final double logQ;
  private final double logSilk;

  /** A quantity with its derivatives by Ωm h² and Ωb h². */
  private record Shape(double value, double byM, double byB) {
    static Shape of(String name, DerivativeStructure d) throws LimitException {
      var shape = new Shape(d.getValue(), d.getPartialDerivative(1, 0), d.getPartialDerivative(0, 1));
      if (!(Double.isFinite(shape.value) && Double.isFinite(shape.byM) && Double.isFinite(shape.byB)))
        throw new LimitException("transfer function's " + name, shape.value, "finite",
            "cosmology.omega-m, cosmology.omega-b or cosmology.h");
      return shape;
    }
  }

  TransferFunction(Cosmology c) throws LimitException {
    omegaM = c.omegaM();
    omegaB = c.omegaB();
    h = c.h();
    LimitException.require(h > 0, "h", h, "positive", "cosmology.h");
    LimitException.require(omegaM > 0, "omega-m", omegaM, "positive", "cosmology.omega-m");
    LimitException.require(omegaB > 0, "omega-b", omegaB, "positive", "cosmology.omega-b");
    LimitException.require(omegaB < omegaM, "omega-b", omegaB, "below omega-m = " + omegaM,
        "cosmology.omega-b or cosmology.omega-m");
    logH = StrictMath.log(h);
    var m = new DerivativeStructure(2, 1, 0, omegaM * h * h);
    var b = new DerivativeStructure(2, 1, 1, omegaB * h * h);
    DerivativeStructure fb = b.divide(m);
    DerivativeStructure fc = fb.negate().add(1);
    DerivativeStructure zEq = m.multiply(2.5e4 / (THETA2 * THETA2));
    DerivativeStructure kEq = m.multiply(7.46e-2 / THETA2);
    DerivativeStructure b1 = m.pow(-0.419).multiply(0.313).multiply(m.pow(0.674).multiply(0.607).add(1));
    DerivativeStructure b2 = m.pow(0.223).multiply(0.238);
    DerivativeStructure zDrag = m.pow(0.251).multiply(1291).divide(m.pow(0.828).multiply(0.659).add(1))
        .multiply(b1.multiply(b.log().multiply(b2).exp()).add(1));
    DerivativeStructure ratio = b.multiply(31.5e3 / (THETA2 * THETA2));
    DerivativeStructure rDrag = ratio.divide(zDrag);
    DerivativeStructure rEq = ratio.divide(zEq);
    DerivativeStructure s = kEq.reciprocal().multiply(2.0 / 3).multiply(rEq.reciprocal().multiply(6).sqrt())
        .multiply(rDrag.add(1).sqrt().add(rDrag.add(rEq).sqrt()).divide(rEq.sqrt().add(1)).log());
    DerivativeStructure kSilk = b.pow(0.52).multiply(1.6).multiply(m.pow(0.73))
        .multiply(m.multiply(10.4).pow(-0.95).add(1));
    DerivativeStructure a1 = m.multiply(46.9).pow(0.670).multiply(m.multiply(32.1).pow(-0.532).add(1));
    DerivativeStructure a2 = m.multiply(12.0).pow(0.424).multiply(m.multiply(45.0).pow(-0.582).add(1));
    DerivativeStructure aC = a1.log().multiply(fb).add(a2.log().multiply(fb.multiply(fb).multiply(fb))).negate().exp();
    DerivativeStructure c1 = m.multiply(458).pow(-0.708).add(1).reciprocal().multiply(0.944);
    DerivativeStructure c2 = m.multiply(0.395).pow(-0.0266);
    DerivativeStructure bC = fc.log().multiply(c2).exp().subtract(1).multiply(c1).add(1).reciprocal();
    DerivativeStructure y = zEq.add(1).divide(zDrag.add(1));
    DerivativeStructure root = y.add(1).sqrt();
    DerivativeStructure g = y.multiply(
        root.multiply(-6).add(y.multiply(3).add(2).multiply(root.add(1).divide(root.subtract(1)).log())));
    DerivativeStructure aB = kEq.multiply(s).multiply(2.07).multiply(rDrag.add(1).pow(-0.75)).multiply(g);
    DerivativeStructure bB = fb.add(0.5)
        .add(fb.multiply(-2).add(3).multiply(m.multiply(17.2).pow(2).add(1).sqrt()));
    keq = Shape.of("k_eq", kEq);
    sound = Shape.of("sound horizon", s);
    silk = Shape.of("k_silk", kSilk);
    alphaC = Shape.of("alpha_c", aC);
    betaC = Shape.of("beta_c", bC);
    alphaB = Shape.of("alpha_b", aB);
    betaB = Shape.of("beta_b", bB);
    betaNode = Shape.of("beta_node", m.pow(0.435).multiply(8.41));
    baryons = Shape.of("baryon fraction", fb);
    logQ = StrictMath.log(13.41 * keq.value);
    logSilk = StrictMath.log(silk.value);
  }

  /**
   * Writes T and its derivatives by Ωm, Ωb, h at fixed k to {@code out}.
   *
   * @param k in h/Mpc
   * @param logK ln k
   */
  void evaluate(double k, double logK, double[] out) {
    double logKMpc = logK + logH;
    double kMpc = k * h;
    // CDM: eqs 17–20. L/(L + C q²) with L = ln(e + 1.8 β q)
    double q = kMpc / (13.41 * keq.value);
    double q2 = q * q;
    double power = 69.9 * StrictMath.exp(1.08 * (logKMpc - logQ));
    double tail = 386 / (1 + power);
    double tailByLogQ = -1.08 * tail * power / (1 + power);
    double plain = Math.E + 1.8 * q;
    double bent = Math.E + 1.8 * betaC.value * q;
    double l1 = StrictMath.log(plain);
    double lBeta = StrictMath.log(bent);
    double l1ByLogQ = 1.8 * q / plain;
    double lBetaByLogBeta = 1.8 * betaC.value * q / bent;
    double c1 = (14.2 + tail) * q2;
    double c1ByLogQ = 2 * c1 + tailByLogQ * q2;
    double cAlpha = (14.2 / alphaC.value + tail) * q2;
    double cAlphaByLogQ = 2 * cAlpha + tailByLogQ * q2;
    double dPlain = 1 / (l1 + c1);
    double dFirst = 1 / (lBeta + c1);
    double dSecond = 1 / (lBeta + cAlpha);
    double tPlain = l1 * dPlain;
    double tFirst = lBeta * dFirst;
    double tSecond = lBeta * dSecond;
    double tPlainByLogQ = (c1 * l1ByLogQ - l1 * c1ByLogQ) * dPlain * dPlain;
    double firstByL = c1 * dFirst * dFirst;
    double secondByL = cAlpha * dSecond * dSecond;
    double tFirstByLogQ = firstByL * lBetaByLogBeta - lBeta * c1ByLogQ * dFirst * dFirst;
    double tSecondByLogQ = secondByL * lBetaByLogBeta - lBeta * cAlphaByLogQ * dSecond * dSecond;
    double tSecondByAlpha = lBeta * dSecond * dSecond * q2 * 14.2 / (alphaC.value * alphaC.value);
    double x = kMpc * sound.value;
    double x54 = (x / 5.4) * (x / 5.4);
    double f = 1 / (1 + x54 * x54);
    double fByLogX = -4 * (1 - f) * f;
    double cold = f * tFirst + (1 - f) * tSecond;
    double coldByLogQ = f * tFirstByLogQ + (1 - f) * tSecondByLogQ;
    double coldByLogX = fByLogX * (tFirst - tSecond);
    double coldByAlpha = (1 - f) * tSecondByAlpha;
    double coldByBeta = (f * firstByL + (1 - f) * secondByL) * 1.8 * q / bent;
    // baryons: eqs 21–24
    double x52 = (x / 5.2) * (x / 5.2);
    double e1 = 1 / (1 + x52);
    double e1ByLogX = -2 * x52 * e1 * e1;
    double y = StrictMath.exp(1.4 * (logKMpc - logSilk));
    double damping = StrictMath.exp(-y);
    double cube = betaB.value / x;
    cube = cube * cube * cube;
    double e2 = damping / (1 + cube);
    double e2ByLogCube = -e2 * (cube / (1 + cube));
    double envelope = tPlain * e1 + alphaB.value * e2;
    double node = betaNode.value / x;
    node = node * node * node;
    double w = x / StrictMath.cbrt(1 + node);
    double wByLogNode = -w * (node / (1 + node)) / 3;
    double sinc;
    double sincSlope;
    if (w < 0.01) {
      double w2 = w * w;
      sinc = 1 - w2 / 6 * (1 - w2 / 20);
      sincSlope = -w / 3 * (1 - w2 / 10);
    } else {
      sinc = StrictMath.sin(w) / w;
      sincSlope = (StrictMath.cos(w) - sinc) / w;
    }
    double fb = baryons.value;
    double wiggle = fb * sinc;
    double phase = fb * envelope * sincSlope;
    double value = fb * envelope * sinc + (1 - fb) * cold;
    // partial derivatives by the shape's numbers, then by Ωm h², Ωb h² and k
    double byLogQ = wiggle * e1 * tPlainByLogQ + (1 - fb) * coldByLogQ;
    double byLogX = wiggle * (tPlain * e1ByLogX - 3 * alphaB.value * e2ByLogCube) + (1 - fb) * coldByLogX
        + phase * (w - 3 * wByLogNode);
    double byLogSilk = wiggle * alphaB.value * e2 * 1.4 * y;
    double byAlphaC = (1 - fb) * coldByAlpha;
    double byBetaC = (1 - fb) * coldByBeta;
    double byAlphaB = wiggle * e2;
    double byLogBetaB = wiggle * alphaB.value * 3 * e2ByLogCube;
    double byLogNode = phase * 3 * wByLogNode;
    double byFraction = envelope * sinc - cold;
    double byM = -byLogQ * keq.byM / keq.value + byLogX * sound.byM / sound.value + byLogSilk * silk.byM / silk.value
        + byAlphaC * alphaC.byM + byBetaC * betaC.byM + byAlphaB * alphaB.byM + byLogBetaB * betaB.byM / betaB.value
        + byLogNode * betaNode.byM / betaNode.value + byFraction * baryons.byM;
    double byB = byLogX * sound.byB / sound.value + byLogSilk * silk.byB / silk.value + byAlphaC * alphaC.byB
        + byBetaC * betaC.byB + byAlphaB * alphaB.byB + byLogBetaB * betaB.byB / betaB.value + byFraction * baryons.byB;
    double byLogK = byLogQ + byLogX - byLogSilk;
    out[T] = value;
    out[BY_OMEGA_M] = byM * h * h;
    out[BY_OMEGA_B] = byB * h * h;
    out[BY_H] = 2 * h * (byM * omegaM + byB * omegaB) + byLogK / h;
  }
}
