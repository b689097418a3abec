package org.halocline.sampler.model;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.cosmology.mesh.Split;
import org.halocline.runtime.config.Settings;
import org.halocline.runtime.layout.Layout;
import org.halocline.runtime.layout.LayoutRequest;

/**
 * The block {@code layout}: what is left out is planned. {@code x-cells} and {@code y-cells} cut an axis unevenly.
 *
 * @param device what it runs on; never chosen by the planner, for it decides the bits of the results
 */
public record LayoutSettings(LayoutDevice device, OptionalInt domains, OptionalInt x, OptionalInt y,
    Optional<List<Integer>> xCells, Optional<List<Integer>> yCells) {
  private static final int MOST = 4096;

  /**
   * Reads the block.
   *
   * @param mesh cells by axis, if known
   */
  public static LayoutSettings read(Settings job, Optional<List<Integer>> mesh) {
    return job.optionalBlock("layout").map(block -> {
      Optional<List<Integer>> xCells = cells(block, "x-cells", mesh.map(cells -> cells.get(0)));
      Optional<List<Integer>> yCells = cells(block, "y-cells", mesh.map(cells -> cells.get(1)));
      return new LayoutSettings(block.choice("device", LayoutDevice.class, LayoutDevice.CORE),
          optional(block.integer("domains", 1, MOST)),
          parts(block, "x", xCells, mesh.map(cells -> cells.get(0))),
          parts(block, "y", yCells, mesh.map(cells -> cells.get(1))),
          xCells, yCells);
    }).orElse(new LayoutSettings(LayoutDevice.CORE, OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty(),
        Optional.empty(),
        Optional.empty()));
  }

  public LayoutRequest request() {
    return new LayoutRequest(domains, x, y);
  }

  /**
   * How a layout cuts a grid: as evenly as it goes, but for axes whose cells the job gives.
   *
   * @throws IllegalArgumentException when it cannot be cut so, which says why
   */
  public Decomposition cut(Mesh mesh, Layout layout) {
    return new Decomposition(mesh, split(xCells, mesh.nx(), layout.x()), split(yCells, mesh.ny(), layout.y()));
  }

  private static Split split(Optional<List<Integer>> sizes, int cells, int parts) {
    return sizes.filter(list -> list.size() == parts)
        .map(list -> Split.of(list.stream().mapToInt(Integer::intValue).toArray()))
        .orElseGet(() -> Split.even(cells, parts));
  }

  private static Optional<List<Integer>> cells(Settings block, String key, Optional<Integer> mesh) {
    Optional<List<Integer>> parts = block.integers(key, 1, MOST, 1, Integer.MAX_VALUE);
    if (parts.isPresent() && mesh.isPresent()) {
      long sum = parts.get().stream().mapToLong(Integer::longValue).sum();
      if (sum != mesh.get()) {
        block.refuse(key, "must add up to the mesh's " + mesh.get() + " cells, but is " + sum,
            "correct a part, or the mesh");
        return Optional.empty();
      }
    }
    return parts;
  }

  private static OptionalInt parts(Settings block, String key, Optional<List<Integer>> cells, Optional<Integer> mesh) {
    Optional<Integer> parts = block.integer(key, 1, MOST);
    if (cells.isPresent() && parts.isPresent() && cells.get().size() != parts.get())
      block.refuse(key, "must be the number of parts in " + key + "-cells, " + cells.get().size(),
          "leave " + key + " out");
    if (mesh.isPresent() && parts.isPresent() && parts.get() > mesh.get())
      block.refuse(key, "must be at most the mesh's " + mesh.get() + " cells on that axis",
          "lower it, or take a larger mesh");
    return cells.isPresent() ? OptionalInt.of(cells.get().size()) : optional(parts);
  }

  private static OptionalInt optional(Optional<Integer> value) {
    return value.map(OptionalInt::of).orElse(OptionalInt.empty());
  }
}
