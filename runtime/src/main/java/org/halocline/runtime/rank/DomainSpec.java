package org.halocline.runtime.rank;

import java.util.List;

/**
 * The grid of a domain and how it is cut: a mesh, a sky, or any other grid of a model.
 *
 * @param cells by axis
 * @param sides length of each axis, in the model's unit
 * @param x cells of each part along the first axis
 * @param y cells of each part along the second axis
 */
public record DomainSpec(List<Integer> cells, List<Double> sides, List<Integer> x, List<Integer> y) {

  public DomainSpec {
    cells = List.copyOf(cells);
    sides = List.copyOf(sides);
    x = List.copyOf(x);
    y = List.copyOf(y);
  }
}
