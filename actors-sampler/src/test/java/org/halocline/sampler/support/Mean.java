package org.halocline.sampler.support;

import java.util.Arrays;
import java.util.List;
import org.halocline.cosmology.mesh.Block;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.sampler.tape.Gathered;
import org.halocline.sampler.tape.Operation;
import org.halocline.sampler.tape.Pullback;
import org.halocline.sampler.tape.RankScope;
import org.halocline.sampler.tape.Value;
import org.halocline.sampler.tape.Values;

/** A small linear operation that ends on rank 0: for each x of the mesh, θ plus the sum over its plane of cells. */
public final class Mean implements Operation {
  private final RankScope scope;

  public Mean(RankScope scope) {
    this.scope = scope;
  }

  @Override
  public List<Value> forward(Values inputs) {
    Block block = scope.block();
    float[] values = new float[block.size()];
    scope.kernels().memory().read(inputs.field(1), 0, values, 0, values.length);
    int[] lengths = new int[scope.decomposition().ranks()];
    Arrays.setAll(lengths, rank -> scope.decomposition().block(rank).size());
    double[] wide = new double[values.length];
    for (int i = 0; i < wide.length; i++)
      wide[i] = values[i];
    double[][] all = scope.collectives().gather(wide, lengths);
    if (!scope.first())
      return List.of(Gathered.constant(new double[0]));
    Mesh mesh = scope.decomposition().mesh();
    double[] planes = new double[mesh.nx()];
    for (int x = 0; x < mesh.nx(); x++) {
      planes[x] = inputs.number(0);
      for (int y = 0; y < mesh.ny(); y++) // in the order of the mesh, whatever the layout
        for (int rank = 0; rank < all.length; rank++) {
          Block b = scope.decomposition().block(rank);
          if (x >= b.x0() && x < b.x0() + b.nx() && y >= b.y0() && y < b.y0() + b.ny())
            for (int z = 0; z < b.nz(); z++)
              planes[x] += all[rank][((x - b.x0()) * b.ny() + y - b.y0()) * b.nz() + z];
        }
    }
    return List.of(Gathered.constant(planes));
  }

  @Override
  public void reverse(Values inputs, Pullback pullback) {
    Block block = scope.block();
    double[] planes = scope.first() ? pullback.ofArray(0).clone() : new double[scope.decomposition().mesh().nx()];
    scope.collectives().broadcast(planes);
    float[] values = new float[block.size()];
    for (int i = 0; i < values.length; i++)
      values[i] = (float) planes[block.x0() + i / (block.ny() * block.nz())];
    scope.kernels().memory().write(values, 0, pullback.toField(1), 0, values.length);
    pullback.toNumber(0, Arrays.stream(planes).sum());
  }
}
