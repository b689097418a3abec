package org.halocline.cosmology.cuda.driver;

/**
 * Lines that lie one after the other, as cuFFT counts them.
 *
 * @param type what they are before and after
 * @param length numbers of a line, of its longer side
 * @param inDistance from one line to the next before, in numbers of their type
 * @param outDistance from one line to the next after, in numbers of their type
 * @param batch lines
 */
public record LineShape(Type type, int length, int inDistance, int outDistance, int batch) {

  /** cuFFT's types of transforms, with its codes. */
  public enum Type {
    R2C(0x2a), C2R(0x2c), C2C(0x29);

    private final int code;

    Type(int code) {
      this.code = code;
    }

    int code() {
      return code;
    }
  }
}
