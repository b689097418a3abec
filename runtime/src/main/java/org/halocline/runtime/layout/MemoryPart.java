package org.halocline.runtime.layout;

/**
 * Something that one chain keeps in memory on one rank.
 *
 * @param name in a word or two, for people
 * @param place on the Java heap, beside it, or on the lane's device
 * @param bytes at least 0
 */
public record MemoryPart(String name, Place place, long bytes) {

  public enum Place {
    HEAP, NATIVE, DEVICE
  }

  public MemoryPart {
    if (bytes < 0)
      throw new IllegalArgumentException(name + " of " + bytes + " bytes");
  }

  public static MemoryPart heap(String name, long bytes) {
    return new MemoryPart(name, Place.HEAP, bytes);
  }

  public static MemoryPart beside(String name, long bytes) {
    return new MemoryPart(name, Place.NATIVE, bytes);
  }

  public static MemoryPart onDevice(String name, long bytes) {
    return new MemoryPart(name, Place.DEVICE, bytes);
  }
}
