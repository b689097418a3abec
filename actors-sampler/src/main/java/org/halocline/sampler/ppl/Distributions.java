package org.halocline.sampler.ppl;

import org.halocline.cosmology.mesh.Mesh;
import org.halocline.sampler.distribution.ScalarDistribution;
import org.halocline.sampler.distribution.field.GatheredNormal;
import org.halocline.sampler.distribution.field.ShardedNormal;
import org.halocline.sampler.distribution.field.WhiteNoise;
import org.halocline.sampler.distribution.interval.TruncatedNormal;
import org.halocline.sampler.distribution.interval.Uniform;
import org.halocline.sampler.distribution.scalar.Flat;
import org.halocline.sampler.distribution.scalar.LogNormal;
import org.halocline.sampler.distribution.scalar.Normal;
import org.halocline.sampler.tape.Gathered;
import org.halocline.sampler.tape.Scalar;
import org.halocline.sampler.tape.Sharded;

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

  public static ScalarDistribution truncatedNormal(double mean, double sd, double low, double high) {
    return new TruncatedNormal(mean, sd, low, high);
  }

  public static ScalarDistribution logNormal(double mean, double sd) {
    return new LogNormal(mean, sd);
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

  public static ShardedNormal normal(Sharded mean, double sigma) {
    return new ShardedNormal(mean, sigma);
  }
}
