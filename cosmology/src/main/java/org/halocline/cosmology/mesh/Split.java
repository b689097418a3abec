package org.halocline.cosmology.mesh;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How the cells of one axis are dealt to consecutive parts; parts may differ in size but none is empty.
 *
 * @param starts of the parts, and the end of the last
 */
public record Split(List<Integer> starts) {
  public Split {
    starts = List.copyOf(starts);
  }

  /** As even as it goes: sizes differ by one cell at most. */
  public static Split even(int cells, int parts) {
    if (parts < 1 || parts > cells)
      throw new IllegalArgumentException("cannot cut " + cells + " cells into " + parts + " parts");
    return new Split(IntStream.rangeClosed(0, parts).mapToObj(i -> (int) ((long) cells * i / parts)).toList());
  }

  /** By sizes, in order. */
  public static Split of(int... sizes) {
    List<Integer> starts = new ArrayList<>(List.of(0));
    for (int size : sizes) {
      if (size < 1)
        throw new IllegalArgumentException("part " + (starts.size() - 1) + " of a split has " + size + " cells");
      starts.add(starts.getLast() + size);
    }
    return new Split(starts);
  }

  public int parts() {
    return starts.size() - 1;
  }

  public int cells() {
    return starts.getLast();
  }

  public int start(int part) {
    return starts.get(part);
  }

  public int size(int part) {
    return starts.get(part + 1) - starts.get(part);
  }

  @Override
  public String toString() {
    return starts.toString();
  }
}
