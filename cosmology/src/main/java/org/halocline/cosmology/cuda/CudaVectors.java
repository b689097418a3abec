package org.halocline.cosmology.cuda;

import org.halocline.cosmology.cuda.device.DeviceQueue;
import org.halocline.cosmology.cuda.memory.CudaFields;
import org.halocline.cosmology.kernel.ExactSum;
import org.halocline.cosmology.kernel.Field;
import org.halocline.cosmology.kernel.Vectors;
import org.halocline.cosmology.mesh.Block;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.cosmology.random.NoiseKey;

/**
 * Element by element. Every term of a sum is rounded to fixed point by itself: sums depend on neither lines nor
 * launches.
 */
record CudaVectors(DeviceQueue queue, Answer answer) implements Vectors {
  private KernelCall call(String kernel) {
    return new KernelCall(queue, kernel);
  }

  @Override
  public void fill(Field.Floats field, float value) {
    if (Float.floatToRawIntBits(value) == 0)
      queue.clear(CudaFields.of(field), 0, 4L * field.size());
    else
      call("fill").with(field).with(field.size()).with(value).overElements(field.size());
  }

  @Override
  public void copy(Field.Floats from, Field.Floats to) {
    queue.copy(CudaFields.of(from), 0, CudaFields.of(to), 0, 4L * from.size());
  }

  @Override
  public void add(float a, Field.Floats x, Field.Floats y) {
    call("add_scaled").with(a).with(x).with(y).with(x.size()).overElements(x.size());
  }

  @Override
  public void scale(float a, Field.Floats y) {
    call("scale").with(a).with(y).with(y.size()).overElements(y.size());
  }

  @Override
  public void rotate(Field.Floats q, Field.Floats p, double angle) {
    call("rotate").with(q).with(p).with(q.size()).with(StrictMath.cos(angle)).with(StrictMath.sin(angle))
        .overElements(q.size());
  }

  @Override
  public void accumulate(Field.Floats field, Field.Doubles sum, Field.Doubles sumOfSquares) {
    call("accumulate").with(field).with(sum).with(sumOfSquares).with(field.size()).overElements(field.size());
  }

  @Override
  public void normal(Field.Floats into, Decomposition decomposition, int rank, NoiseKey key) {
    Mesh mesh = decomposition.mesh();
    Block block = decomposition.block(rank);
    call("normals").with(into).with(block.nz()).with((long) block.x0()).with((long) block.y0()).with((long) mesh.ny())
        .with((int) key.seed()).with((int) (key.seed() >>> 32)).with(key.draw()).with(key.lastWord())
        .overCells(block.nz(), block.ny(), block.nx());
  }

  @Override
  public void dot(Field.Floats a, Field.Floats b, int nz, double factor, ExactSum sum) {
    call("dot").with(a).with(b).with(a.size()).with(factor).with(answer.cleared()).overElements(a.size());
    answer.await().addTo(sum);
  }

  @Override
  public void residual(Field.Floats model, Field.Floats data, double sigma, int nz, ExactSum sum) {
    call("residual").with(model).with(data).with(model.size()).with(1 / (sigma * sigma)).with(answer.cleared())
        .overElements(model.size());
    answer.await().addTo(sum);
  }
}
