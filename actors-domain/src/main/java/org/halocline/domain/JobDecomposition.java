package org.halocline.domain;

import com.typesafe.config.Config;
import java.util.List;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.cosmology.mesh.Split;

/** How a resolved job cuts its mesh: {@code simulation.mesh}, {@code simulation.box-mpc-h}, and {@code layout}'s cells a part. */
public final class JobDecomposition {
  private JobDecomposition() {}

  /**
   * As evenly as it goes, but for axes whose {@code layout.x-cells} or {@code y-cells} are given.
   *
   * @throws IllegalArgumentException when the mesh cannot be cut so, which says why
   */
  public static Decomposition of(Config job, int x, int y) {
    Mesh mesh = mesh(job);
    return new Decomposition(mesh, split(job, "layout.x-cells", mesh.nx(), x),
        split(job, "layout.y-cells", mesh.ny(), y));
  }

  public static Mesh mesh(Config job) {
    List<Integer> cells = job.getIntList("simulation.mesh");
    List<Double> box = job.getDoubleList("simulation.box-mpc-h");
    return new Mesh(cells.get(0), cells.get(1), cells.get(2), box.get(0), box.get(1), box.get(2));
  }

  private static Split split(Config job, String key, int cells, int parts) {
    if (!job.hasPath(key))
      return Split.even(cells, parts);
    List<Integer> sizes = job.getIntList(key);
    if (sizes.size() != parts)
      throw new IllegalArgumentException(
          key + " = " + sizes + " names " + sizes.size() + " parts where the layout has " + parts);
    return Split.of(sizes.stream().mapToInt(Integer::intValue).toArray());
  }
}
