package org.halocline.runtime.layout;

import java.util.ArrayList;
import java.util.List;

/** What one chain keeps in memory on one rank, part by part. */
public record RankMemory(List<MemoryPart> parts) {
  public RankMemory {
    parts = List.copyOf(parts);
  }

  /** Of two parts, one on the heap and one beside it. */
  public static RankMemory of(long heapBytes, long nativeBytes) {
    return new RankMemory(List.of(MemoryPart.heap("fields", heapBytes), MemoryPart.beside("staging", nativeBytes)));
  }

  public RankMemory and(MemoryPart... more) {
    return and(List.of(more));
  }

  public RankMemory and(List<MemoryPart> more) {
    List<MemoryPart> all = new ArrayList<>(parts);
    all.addAll(more);
    return new RankMemory(all);
  }

  public long heapBytes() {
    return in(MemoryPart.Place.HEAP);
  }

  public long nativeBytes() {
    return in(MemoryPart.Place.NATIVE);
  }

  /** Of the node: on the heap and beside it. */
  public long nodeBytes() {
    return heapBytes() + nativeBytes();
  }

  public long deviceBytes() {
    return in(MemoryPart.Place.DEVICE);
  }

  private long in(MemoryPart.Place place) {
    long bytes = 0;
    for (MemoryPart part : parts)
      if (part.place() == place)
        bytes = Math.addExact(bytes, part.bytes());
    return bytes;
  }
}
