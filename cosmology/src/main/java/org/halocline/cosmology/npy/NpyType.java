package org.halocline.cosmology.npy;

import java.nio.ByteBuffer;
import java.util.Optional;

/** Element types that are read; {@link NpyWriter} writes the first two. */
public enum NpyType {
  FLOAT32("f4", 4), FLOAT64("f8", 8), FLOAT16("f2", 2), INT8("i1", 1), INT16("i2", 2), INT32("i4", 4),
  INT64("i8", 8), UINT8("u1", 1), UINT16("u2", 2), UINT32("u4", 4), UINT64("u8", 8), BOOL("b1", 1);

  /** How numpy calls them, for messages. */
  static final String ALL = "bool, int8 to int64, uint8 to uint64, float16, float32 or float64";

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

  /** Of numpy's code with its byte order: {@code <f4}, {@code |b1}. Only single bytes have no byte order. */
  static Optional<NpyType> of(String descr) {
    for (NpyType type : values())
      if (descr.length() == 3 && descr.endsWith(type.code)
          && ("<>".indexOf(descr.charAt(0)) >= 0 || type.bytes == 1 && descr.charAt(0) == '|'))
        return Optional.of(type);
    return Optional.empty();
  }

  /** An element of a buffer as a number: of a bool 0 or 1, of 64-bit integers beyond 2^53 the nearest double. */
  double get(ByteBuffer buffer, int index) {
    int at = index * bytes;
    return switch (this) {
      case FLOAT16 -> Float.float16ToFloat(buffer.getShort(at));
      case FLOAT32 -> buffer.getFloat(at);
      case FLOAT64 -> buffer.getDouble(at);
      case INT8 -> buffer.get(at);
      case INT16 -> buffer.getShort(at);
      case INT32 -> buffer.getInt(at);
      case INT64 -> buffer.getLong(at);
      case UINT8 -> Byte.toUnsignedInt(buffer.get(at));
      case UINT16 -> Short.toUnsignedInt(buffer.getShort(at));
      case UINT32 -> Integer.toUnsignedLong(buffer.getInt(at));
      case UINT64 -> unsigned(buffer.getLong(at));
      case BOOL -> buffer.get(at) == 0 ? 0 : 1;
    };
  }

  /** The halved number keeps its last bit, which decides how a tie is rounded. */
  private static double unsigned(long value) {
    return value >= 0 ? value : (double) (value >>> 1 | value & 1) * 2;
  }
}
