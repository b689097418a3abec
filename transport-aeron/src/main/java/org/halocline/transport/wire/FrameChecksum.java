package org.halocline.transport.wire;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.halocline.transport.Checksum;

/**
 * Computes and checks the checksum of frames: CRC-32C of header and payload, with the field itself as zero. A frame is
 * copied to its own memory first, where the JDK's intrinsic reads it; that stays in cache. Owned by the data plane's
 * thread.
 */
public final class FrameChecksum {
  private static final int LONGEST_FRAME = 1 << 16;

  private final boolean required;
  private final CRC32C crc = new CRC32C();
  private final ByteBuffer memory = ByteBuffer.allocateDirect(LONGEST_FRAME);
  private final UnsafeBuffer bytes = new UnsafeBuffer(memory);

  public FrameChecksum(Checksum setting) {
    required = setting == Checksum.CRC32C;
  }

  /** Gives a frame that is complete its checksum, where they are wanted. */
  public void seal(MutableDirectBuffer frame, int offset, int length) {
    if (required) {
      short flags = (short) (frame.getShort(offset + FrameHeader.FLAGS_AT, LITTLE_ENDIAN) | FrameHeader.FLAG_CHECKSUM);
      frame.putShort(offset + FrameHeader.FLAGS_AT, flags, LITTLE_ENDIAN);
      frame.putInt(offset + FrameHeader.CHECKSUM_AT, of(frame, offset, length), LITTLE_ENDIAN);
    }
  }

  /** Whether a frame is as it was sealed, or need not be sealed and is not. At least a header must be there. */
  public boolean accepts(DirectBuffer frame, int offset, int length) {
    boolean sealed = (frame.getShort(offset + FrameHeader.FLAGS_AT, LITTLE_ENDIAN) & FrameHeader.FLAG_CHECKSUM) != 0;
    int stated = frame.getInt(offset + FrameHeader.CHECKSUM_AT, LITTLE_ENDIAN);
    if (!sealed)
      return !required && stated == 0;
    return length <= LONGEST_FRAME && stated == of(frame, offset, length);
  }

  private int of(DirectBuffer frame, int offset, int length) {
    bytes.putBytes(0, frame, offset, length);
    bytes.putInt(FrameHeader.CHECKSUM_AT, 0);
    memory.clear().limit(length);
    crc.reset();
    crc.update(memory);
    return (int) crc.getValue();
  }
}
