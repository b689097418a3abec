package org.halocline.sampler.support;

import java.util.Arrays;
import org.halocline.cosmology.kernel.Field;
import org.halocline.cosmology.mesh.Block;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.sampler.tape.GatheredOperation;
import org.halocline.sampler.tape.RankScope;

/** A small linear operation that ends on rank 0: for each x of the mesh, θ plus the sum over its plane of cells. */
public final class Mean implements GatheredOperation {
  private final RankScope scope;

  public Mean(RankScope scope) {
    this.scope = scope;
  }

  @Override
  public double[] forward(double[] scalars, Field.Floats field) {
    Block block = scope.block();
    float[] values = new float[block.size()];
    scope.kernels().memory().read(field, 0, values, 0, values.length);
    int[] lengths = new int[scope.decomposition().ranks()];
    Arrays.setAll(lengths, rank -> scope.decomposition().block(rank).size());
    double[] wide = new double[values.length];
    for (int i = 0; i < wide.length; i++)
      wide[i] = values[i];
    double[][] all = scope.collectives().gather(wide, lengths);
    if (!scope.first())
      return new double[0];
    Mesh mesh = scope.decomposition().mesh();
    double[] planes = new double[mesh.nx()];
    for (int x = 0; x < mesh.nx(); x++) {
      planes[x] = scalars[0];
      for (int y = 0; y < mesh.ny(); y++) // in the order of the mesh, whatever the layout
        for (int rank = 0; rank < all.length; rank++) {
          Block b = scope.decomposition().block(rank);
          if (x >= b.x0() && x < b.x0() + b.nx() && y >= b.y0() && y < b.y0() + b.ny())
            for (int z = 0; z < b.nz(); z++)
              planes[x] += all[rank][((x - b.x0()) * b.ny() + y - b.y0()) * b.nz() + z];
        }
    }
    return planes;
  }

  @Override
  public double[] reverse(double[] cotangent, Field.Floats field, Field.Floats gradient) {
    Block block = scope.block();
    double[] planes = scope.first() ? cotangent.clone() : new double[scope.decomposition().mesh().nx()];
    scope.collectives().broadcast(planes);
    float[] values = new float[block.size()];
    for (int i = 0; i < values.length; i++)
      values[i] = (float) planes[block.x0() + i / (block.ny() * block.nz())];
    scope.kernels().memory().write(values, 0, gradient, 0, values.length);
    return new double[]{Arrays.stream(planes).sum()};
  }
}
