package org.halocline.sampler.ppl;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.sampler.distribution.Distribution;
import org.halocline.sampler.distribution.Latent;
import org.halocline.sampler.distribution.ScalarDistribution;
import org.halocline.sampler.distribution.count.Binomial;
import org.halocline.sampler.distribution.count.Poisson;
import org.halocline.sampler.distribution.field.GatheredNormal;
import org.halocline.sampler.distribution.field.ShardedNormal;
import org.halocline.sampler.distribution.field.ShardedPoisson;
import org.halocline.sampler.distribution.field.ShardedScaledNormal;
import org.halocline.sampler.distribution.field.WhiteNoise;
import org.halocline.sampler.distribution.interval.Beta;
import org.halocline.sampler.distribution.interval.TruncatedNormal;
import org.halocline.sampler.distribution.interval.Uniform;
import org.halocline.sampler.distribution.scalar.Cauchy;
import org.halocline.sampler.distribution.scalar.Exponential;
import org.halocline.sampler.distribution.scalar.Flat;
import org.halocline.sampler.distribution.scalar.Gamma;
import org.halocline.sampler.distribution.scalar.HalfCauchy;
import org.halocline.sampler.distribution.scalar.HalfNormal;
import org.halocline.sampler.distribution.scalar.InverseGamma;
import org.halocline.sampler.distribution.scalar.Laplace;
import org.halocline.sampler.distribution.scalar.LogNormal;
import org.halocline.sampler.distribution.scalar.Normal;
import org.halocline.sampler.distribution.scalar.StudentT;
import org.halocline.sampler.distribution.vector.Dirichlet;
import org.halocline.sampler.distribution.vector.Independent;
import org.halocline.sampler.distribution.vector.LatentIndependent;
import org.halocline.sampler.distribution.vector.LowerTriangle;
import org.halocline.sampler.distribution.vector.MultivariateNormal;
import org.halocline.sampler.distribution.vector.Ordered;
import org.halocline.sampler.distribution.vector.VectorNormal;
import org.halocline.sampler.tape.Gathered;
import org.halocline.sampler.tape.Scalar;
import org.halocline.sampler.tape.Sharded;
import org.halocline.sampler.tape.Vector;

/** The distributions by the names that programs use; meant for a static import. */
public final class Distributions {
  private Distributions() {}

  public static ScalarDistribution uniform(double low, double high) {
    return new Uniform(low, high);
  }

  public static ScalarDistribution normal(double mean, double sd) {
    return new Normal(mean, sd);
  }

  public static ScalarDistribution normal(Scalar mean, Scalar sd) {
    return new Normal(mean, sd);
  }

  public static ScalarDistribution normal(Scalar mean, double sd) {
    return new Normal(mean, Scalar.constant(sd));
  }

  public static ScalarDistribution normal(double mean, Scalar sd) {
    return new Normal(Scalar.constant(mean), sd);
  }

  public static ScalarDistribution truncatedNormal(double mean, double sd, double low, double high) {
    return new TruncatedNormal(mean, sd, low, high);
  }

  public static ScalarDistribution truncatedNormal(Scalar mean, Scalar sd, double low, double high) {
    return new TruncatedNormal(mean, sd, low, high);
  }

  /** log x ~ N(mean, sd²). */
  public static ScalarDistribution logNormal(double mean, double sd) {
    return new LogNormal(mean, sd);
  }

  public static ScalarDistribution logNormal(Scalar mean, Scalar sd) {
    return new LogNormal(mean, sd);
  }

  public static ScalarDistribution logNormal(Scalar mean, double sd) {
    return new LogNormal(mean, Scalar.constant(sd));
  }

  /** |x| of x ~ N(0, sd²). */
  public static ScalarDistribution halfNormal(double sd) {
    return new HalfNormal(sd);
  }

  public static ScalarDistribution halfNormal(Scalar sd) {
    return new HalfNormal(sd);
  }

  public static ScalarDistribution cauchy(double location, double scale) {
    return new Cauchy(location, scale);
  }

  public static ScalarDistribution cauchy(Scalar location, Scalar scale) {
    return new Cauchy(location, scale);
  }

  public static ScalarDistribution cauchy(Scalar location, double scale) {
    return new Cauchy(location, Scalar.constant(scale));
  }

  public static ScalarDistribution halfCauchy(double scale) {
    return new HalfCauchy(scale);
  }

  public static ScalarDistribution halfCauchy(Scalar scale) {
    return new HalfCauchy(scale);
  }

  /** With degrees of freedom, location and scale. */
  public static ScalarDistribution studentT(double freedom, double location, double scale) {
    return new StudentT(freedom, location, scale);
  }

  public static ScalarDistribution studentT(Scalar freedom, Scalar location, Scalar scale) {
    return new StudentT(freedom, location, scale);
  }

  public static ScalarDistribution studentT(double freedom, Scalar location, Scalar scale) {
    return new StudentT(Scalar.constant(freedom), location, scale);
  }

  public static ScalarDistribution laplace(double location, double scale) {
    return new Laplace(location, scale);
  }

  public static ScalarDistribution laplace(Scalar location, Scalar scale) {
    return new Laplace(location, scale);
  }

  public static ScalarDistribution laplace(Scalar location, double scale) {
    return new Laplace(location, Scalar.constant(scale));
  }

  /** Of mean 1/rate. */
  public static ScalarDistribution exponential(double rate) {
    return new Exponential(rate);
  }

  public static ScalarDistribution exponential(Scalar rate) {
    return new Exponential(rate);
  }

  /** Of mean shape/rate. */
  public static ScalarDistribution gamma(double shape, double rate) {
    return new Gamma(shape, rate);
  }

  public static ScalarDistribution gamma(Scalar shape, Scalar rate) {
    return new Gamma(shape, rate);
  }

  /** Of 1/y for y ~ gamma(shape, scale). */
  public static ScalarDistribution inverseGamma(double shape, double scale) {
    return new InverseGamma(shape, scale);
  }

  public static ScalarDistribution inverseGamma(Scalar shape, Scalar scale) {
    return new InverseGamma(shape, scale);
  }

  /** Of mean a/(a + b). */
  public static ScalarDistribution beta(double a, double b) {
    return new Beta(a, b);
  }

  public static ScalarDistribution beta(Scalar a, Scalar b) {
    return new Beta(a, b);
  }

  /** Of counts; only observed. */
  public static Distribution<Scalar> poisson(Scalar rate) {
    return new Poisson(rate);
  }

  /** Of counts; only observed. */
  public static Distribution<Scalar> poisson(double rate) {
    return new Poisson(rate);
  }

  /** Of counts, each with a rate of its own; only observed. */
  public static Distribution<Vector> poisson(Vector rates) {
    return new Independent(IntStream.range(0, rates.size()).<Distribution<Scalar>>mapToObj(
        i -> new Poisson(rates.get(i))).toList());
  }

  /** Of the successes of so many trials; only observed. */
  public static Distribution<Scalar> binomial(int trials, Scalar probability) {
    return Binomial.of(trials, probability);
  }

  /** Of the successes of so many trials, given log(p/(1 − p)); only observed. */
  public static Distribution<Scalar> binomialLogOdds(int trials, Scalar logOdds) {
    return Binomial.ofLogOdds(trials, logOdds);
  }

  /** Independent numbers of means and standard deviations of their own. */
  public static Latent<Vector> normal(Vector mean, Vector sd) {
    return new VectorNormal(mean, sd);
  }

  /** Independent numbers of one standard deviation. */
  public static Latent<Vector> normal(Vector mean, Scalar sd) {
    return new VectorNormal(mean, Vector.of(Collections.nCopies(mean.size(), sd)));
  }

  /** Independent numbers of one standard deviation. */
  public static Latent<Vector> normal(Vector mean, double sd) {
    return normal(mean, Scalar.constant(sd));
  }

  /** So many independent copies. */
  public static Latent<Vector> iid(ScalarDistribution distribution, int size) {
    return new LatentIndependent(Collections.nCopies(size, distribution));
  }

  /** So many independent copies; only observed. */
  public static Distribution<Vector> iid(Distribution<Scalar> distribution, int size) {
    return new Independent(Collections.nCopies(size, distribution));
  }

  /** Independent numbers, each with a distribution of its own. */
  public static Latent<Vector> independent(List<ScalarDistribution> distributions) {
    return new LatentIndependent(distributions);
  }

  /** With the factor L of the covariance L Lᵀ. */
  public static Latent<Vector> multivariateNormal(Vector mean, LowerTriangle factor) {
    return new MultivariateNormal(mean, factor);
  }

  /** With a constant covariance. */
  public static Latent<Vector> multivariateNormal(Vector mean, double[][] covariance) {
    return new MultivariateNormal(mean, LowerTriangle.cholesky(covariance));
  }

  /** Of positive numbers whose sum is one. */
  public static Latent<Vector> dirichlet(Vector concentration) {
    return new Dirichlet(concentration);
  }

  /** Of positive numbers whose sum is one, all such alike. */
  public static Latent<Vector> simplex(int size) {
    double[] ones = new double[size];
    Arrays.fill(ones, 1);
    return new Dirichlet(Vector.constant(ones));
  }

  /** So many independent copies in increasing order. */
  public static Latent<Vector> ordered(ScalarDistribution distribution, int size) {
    return new Ordered(distribution, size);
  }

  public static ScalarDistribution flat(double at) {
    return new Flat(at);
  }

  public static WhiteNoise whiteNoise(Mesh mesh) {
    return new WhiteNoise(mesh);
  }

  public static GatheredNormal normal(Gathered mean, double sigma) {
    return new GatheredNormal(mean, sigma);
  }

  public static ShardedScaledNormal normal(Sharded mean, Scalar sigma) {
    return new ShardedScaledNormal(mean, sigma);
  }

  public static ShardedPoisson poisson(Sharded rate) {
    return new ShardedPoisson(rate);
  }

  public static ShardedNormal normal(Sharded mean, double sigma) {
    return new ShardedNormal(mean, sigma);
  }
}
