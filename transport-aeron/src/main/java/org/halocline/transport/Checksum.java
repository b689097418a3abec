package org.halocline.transport;

/**
 * Whether frames carry a checksum of their own, besides that of UDP, which has 16 bits and which shared memory lacks.
 */
public enum Checksum {
  NONE,
  /**
   * CRC-32C of header and payload. A frame without it, or with a wrong one, ends what is open with the node that sent
   * it.
   */
  CRC32C
}
