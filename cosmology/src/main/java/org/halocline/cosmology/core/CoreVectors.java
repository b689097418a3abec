package org.halocline.cosmology.core;

import java.util.Arrays;
import org.apache.commons.rng.UniformRandomProvider;
import org.halocline.cosmology.kernel.ExactSum;
import org.halocline.cosmology.kernel.Field;
import org.halocline.cosmology.kernel.Vectors;
import org.halocline.cosmology.mesh.Block;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.cosmology.random.NoiseKey;

record CoreVectors(Runnable poll) implements Vectors {
  @Override
  public void fill(Field.Floats field, float value) {
    Arrays.fill(CoreFields.of(field), value);
  }

  @Override
  public void copy(Field.Floats from, Field.Floats to) {
    float[] source = CoreFields.of(from);
    System.arraycopy(source, 0, CoreFields.of(to), 0, source.length);
  }

  @Override
  public void add(float a, Field.Floats x, Field.Floats y) {
    float[] xs = CoreFields.of(x);
    float[] ys = CoreFields.of(y);
    for (int i = 0; i < xs.length; i++)
      ys[i] += a * xs[i];
  }

  @Override
  public void scale(float a, Field.Floats y) {
    float[] ys = CoreFields.of(y);
    for (int i = 0; i < ys.length; i++)
      ys[i] *= a;
  }

  @Override
  public void rotate(Field.Floats q, Field.Floats p, double angle) {
    float[] qs = CoreFields.of(q);
    float[] ps = CoreFields.of(p);
    // In double: rounding the angle's c and s to float would scale every pair alike and let a trajectory's energy
    // drift.
    double c = StrictMath.cos(angle);
    double s = StrictMath.sin(angle);
    for (int i = 0; i < qs.length; i++) {
      double qi = qs[i];
      double pi = ps[i];
      qs[i] = (float) (c * qi + s * pi);
      ps[i] = (float) (c * pi - s * qi);
    }
  }

  @Override
  public void accumulate(Field.Floats field, Field.Doubles sum, Field.Doubles sumOfSquares) {
    float[] values = CoreFields.of(field);
    double[] sums = CoreFields.of(sum);
    double[] squares = CoreFields.of(sumOfSquares);
    for (int i = 0; i < values.length; i++) {
      double value = values[i];
      sums[i] += value;
      squares[i] += value * value;
    }
  }

  @Override
  public void normal(Field.Floats into, Decomposition decomposition, int rank, NoiseKey key) {
    float[] values = CoreFields.of(into);
    Mesh mesh = decomposition.mesh();
    Block block = decomposition.block(rank);
    double[] pair = new double[2];
    int at = 0;
    for (int i = 0; i < block.nx(); i++) {
      poll.run();
      for (int j = 0; j < block.ny(); j++) {
        long cell = ((long) (block.x0() + i) * mesh.ny() + block.y0() + j) * mesh.nz();
        UniformRandomProvider stream = key.from(cell >>> 1);
        NoiseKey.normals(stream, pair);
        for (int k = 0; k < block.nz(); k++, cell++) {
          int half = (int) (cell & 1);
          if (half == 0 && k > 0)
            NoiseKey.normals(stream, pair);
          values[at++] = (float) pair[half];
        }
      }
    }
  }

  @Override
  public void dot(Field.Floats a, Field.Floats b, int nz, double factor, ExactSum sum) {
    float[] as = CoreFields.of(a);
    float[] bs = CoreFields.of(b);
    for (int start = 0; start < as.length; start += nz)
      sum.add(factor * LineSums.product(as, start, bs, start, nz));
  }

  @Override
  public void residual(Field.Floats model, Field.Floats data, double sigma, int nz, ExactSum sum) {
    float[] models = CoreFields.of(model);
    float[] datas = CoreFields.of(data);
    double weight = 1 / (sigma * sigma);
    for (int start = 0; start < models.length; start += nz) {
      double line = 0;
      for (int i = start; i < start + nz; i++) {
        double r = (double) models[i] - datas[i];
        models[i] = (float) (r * weight);
        line += r * r * weight;
      }
      sum.add(line);
    }
  }
}
