package org.halocline.cosmology.npy;

/** Element types that are read and written. */
public enum NpyType {
  FLOAT32("f4", 4), FLOAT64("f8", 8), INT32("i4", 4);

  private final String code;
  private final int bytes;

  NpyType(String code, int bytes) {
    this.code = code;
    this.bytes = bytes;
  }

  /** Numpy's code without the byte order. */
  public String code() {
    return code;
  }

  /** Bytes an element. */
  public int bytes() {
    return bytes;
  }
}
