package org.halocline.transport.wire;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.halocline.transport.DomainMember;

/**
 * Flyweight over the header that every frame of the data plane begins with; a DATA frame's payload follows it, the
 * others end with it. Little endian. Not thread-safe: the data plane's thread owns it.
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +---------------------------------------------------------------+
 *  |                        Magic "HALO"                           |
 *  +---------------+---------------+-------------------------------+
 *  |    Version    |     Type      |           Flags               |
 *  +---------------+---------------+-------------------------------+
 *  |                           Domain                              |
 *  |                            token                              |
 *  +---------------------------------------------------------------+
 *  |            Checksum (zero where there is none)                |
 *  +---------------------------------------------------------------+
 *  |                            Chain                              |
 *  +---------------------------------------------------------------+
 *  |                         Sender rank                           |
 *  +---------------------------------------------------------------+
 *  |                        Receiver rank                          |
 *  +---------------------------------------------------------------+
 *  |                            Phase                              |
 *  +---------------------------------------------------------------+
 *  |                       Reserved (zero)                         |
 *  +---------------------------------------------------------------+
 *  |                           Transfer                            |
 *  |            (counts from 0 on chain and direction)             |
 *  +---------------------------------------------------------------+
 *  |                            Offset                             |
 *  |              (of this payload in the transfer)                |
 *  +---------------------------------------------------------------+
 *  |                            Length                             |
 *  |                   (of the whole transfer)                     |
 *  +---------------------------------------------------------------+
 *  |                       Payload (DATA only)                    ...
 * ...                                                              |
 *  +---------------------------------------------------------------+
 * </pre>
 *
 * Sender and receiver are those of the frame: a CREDIT goes from the rank that will receive the data to the rank that
 * will send it.
 * <ul>
 * <li>HELLO: the sender has joined the domain; Length is its number of ranks. {@link #FLAG_REPLY}: in answer to a
 * HELLO.</li>
 * <li>CREDIT: the sender has posted memory for Transfer.</li>
 * <li>DATA: payload of a transfer that was credited.</li>
 * <li>MISMATCH: the peer's CREDIT does not fit the sender's transfer, whose Phase and Length these are.</li>
 * </ul>
 */
public final class FrameHeader {
  public static final int LENGTH = 64;
  public static final int MAGIC = 0x4F4C4148;
  public static final byte VERSION = 3;

  public static final byte HELLO = 1;
  public static final byte CREDIT = 2;
  public static final byte DATA = 3;
  public static final byte MISMATCH = 4;
  public static final short FLAG_REPLY = 1;
  /** The frame carries a checksum, as {@link FrameChecksum} makes it. */
  static final short FLAG_CHECKSUM = 2;
  static final int FLAGS_AT = 6;
  static final int CHECKSUM_AT = 16;

  private static final int MAGIC_AT = 0;
  private static final int VERSION_AT = 4;
  private static final int TYPE_AT = 5;
  private static final int DOMAIN_AT = 8;
  private static final int CHAIN_AT = 20;
  private static final int SENDER_AT = 24;
  private static final int RECEIVER_AT = 28;
  private static final int PHASE_AT = 32;
  private static final int RESERVED_AT = 36;
  private static final int TRANSFER_AT = 40;
  private static final int OFFSET_AT = 48;
  private static final int TOTAL_AT = 56;

  private DirectBuffer buffer;
  private int base;

  /** Writes a header at {@code index}. */
  public static void write(MutableDirectBuffer buffer, int index, byte type, short flags, DomainMember from,
      int receiver,
      int chain, int phase, long transfer,
      long offset, long length) {
    buffer.putInt(index + MAGIC_AT, MAGIC, LITTLE_ENDIAN);
    buffer.putByte(index + VERSION_AT, VERSION);
    buffer.putByte(index + TYPE_AT, type);
    buffer.putShort(index + FLAGS_AT, flags, LITTLE_ENDIAN);
    buffer.putLong(index + DOMAIN_AT, from.domain(), LITTLE_ENDIAN);
    buffer.putInt(index + CHECKSUM_AT, 0, LITTLE_ENDIAN);
    buffer.putInt(index + CHAIN_AT, chain, LITTLE_ENDIAN);
    buffer.putInt(index + SENDER_AT, from.rank(), LITTLE_ENDIAN);
    buffer.putInt(index + RECEIVER_AT, receiver, LITTLE_ENDIAN);
    buffer.putInt(index + PHASE_AT, phase, LITTLE_ENDIAN);
    buffer.putInt(index + RESERVED_AT, 0, LITTLE_ENDIAN);
    buffer.putLong(index + TRANSFER_AT, transfer, LITTLE_ENDIAN);
    buffer.putLong(index + OFFSET_AT, offset, LITTLE_ENDIAN);
    buffer.putLong(index + TOTAL_AT, length, LITTLE_ENDIAN);
  }

  /** Looks at the header at {@code index}; at least {@link #LENGTH} bytes must be there. */
  public FrameHeader wrap(DirectBuffer frame, int index) {
    buffer = frame;
    base = index;
    return this;
  }

  public boolean isOurs() {
    return buffer.getInt(base + MAGIC_AT, LITTLE_ENDIAN) == MAGIC && buffer.getByte(base + VERSION_AT) == VERSION;
  }

  public byte type() {
    return buffer.getByte(base + TYPE_AT);
  }

  public boolean isReply() {
    return (buffer.getShort(base + FLAGS_AT, LITTLE_ENDIAN) & FLAG_REPLY) != 0;
  }

  public long domain() {
    return buffer.getLong(base + DOMAIN_AT, LITTLE_ENDIAN);
  }

  public int chain() {
    return buffer.getInt(base + CHAIN_AT, LITTLE_ENDIAN);
  }

  public int sender() {
    return buffer.getInt(base + SENDER_AT, LITTLE_ENDIAN);
  }

  public int receiver() {
    return buffer.getInt(base + RECEIVER_AT, LITTLE_ENDIAN);
  }

  public int phase() {
    return buffer.getInt(base + PHASE_AT, LITTLE_ENDIAN);
  }

  public long transfer() {
    return buffer.getLong(base + TRANSFER_AT, LITTLE_ENDIAN);
  }

  public long offset() {
    return buffer.getLong(base + OFFSET_AT, LITTLE_ENDIAN);
  }

  /** Length of the whole transfer. */
  public long total() {
    return buffer.getLong(base + TOTAL_AT, LITTLE_ENDIAN);
  }
}
