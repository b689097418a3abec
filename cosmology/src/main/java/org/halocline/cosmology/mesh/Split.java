package org.halocline.cosmology.mesh;

import java.util.Arrays;

/** How the cells of one axis are dealt to consecutive parts; parts may differ in size but none is empty. Immutable. */
public final class Split {
  private final int[] starts;

  private Split(int[] starts) {
    this.starts = starts;
  }

  /** As even as it goes: sizes differ by one cell at most. */
  public static Split even(int cells, int parts) {
    if (parts < 1 || parts > cells)
      throw new IllegalArgumentException("cannot cut " + cells + " cells into " + parts + " parts");
    int[] starts = new int[parts + 1];
    for (int i = 0; i <= parts; i++)
      starts[i] = (int) ((long) cells * i / parts);
    return new Split(starts);
  }

  /** By sizes, in order. */
  public static Split of(int... sizes) {
    int[] starts = new int[sizes.length + 1];
    for (int i = 0; i < sizes.length; i++) {
      if (sizes[i] < 1)
        throw new IllegalArgumentException("part " + i + " of a split has " + sizes[i] + " cells");
      starts[i + 1] = starts[i] + sizes[i];
    }
    return new Split(starts);
  }

  public int parts() {
    return starts.length - 1;
  }

  public int cells() {
    return starts[starts.length - 1];
  }

  public int start(int part) {
    return starts[part];
  }

  public int size(int part) {
    return starts[part + 1] - starts[part];
  }

  /** Smallest part, cells. */
  public int smallest() {
    int smallest = Integer.MAX_VALUE;
    for (int i = 0; i < parts(); i++)
      smallest = Math.min(smallest, size(i));
    return smallest;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Split split && Arrays.equals(starts, split.starts);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(starts);
  }

  @Override
  public String toString() {
    return Arrays.toString(starts);
  }
}
