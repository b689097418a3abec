package org.halocline.cosmology.cuda.driver;

import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * The context of one device, used by one thread alone, the one that opened it. Device memory is known by its address.
 * Every call may throw {@link DriverException}, also for earlier work that has failed since.
 */
public interface DriverContext extends AutoCloseable {

  /** A stream of work. */
  interface Stream {
    /** What the driver calls it: CUstream. */
    long address();
  }

  /** A mark in a stream that can be asked whether it was passed. */
  interface Event {}

  /** A kernel of a loaded module. */
  interface Kernel {}

  /** Loads PTX; the error holds the compiler's log. At most one module is loaded. */
  void load(byte[] ptx);

  Kernel kernel(String name);

  /** Device memory, not cleared, aligned to 256 bytes. */
  long allocate(long bytes);

  void free(long address);

  /** Free memory of the device, in bytes; other processes count too. */
  long freeBytes();

  /** Page-locked host memory, not cleared. */
  long allocateHost(long bytes);

  void freeHost(long address);

  Stream stream();

  void destroy(Stream stream);

  Event event();

  void destroy(Event event);

  void record(Event event, Stream stream);

  /** Whether the stream has passed the event's last record. */
  boolean passed(Event event);

  /** What is enqueued in the stream from now on waits for the event's last record. */
  void after(Stream stream, Event event);

  void copyToHost(long host, long device, long bytes, Stream stream);

  void copyToDevice(long device, long host, long bytes, Stream stream);

  void copy(long to, long from, long bytes, Stream stream);

  void clear(long device, long bytes, Stream stream);

  /** Clears {@code rows} words of 4 bytes, {@code pitch} bytes apart. */
  void clearWords(long device, long pitch, long rows, Stream stream);

  /** @param parameters native memory that holds the address of each argument; free again when this returns */
  void launch(Kernel kernel, int gridX, int gridY, int gridZ, int block, MemorySegment parameters, Stream stream);

  /**
   * What the driver says of a context that is lost; empty where it is not, as far as the driver knows by now. Does not
   * wait.
   */
  Optional<DriverException> lost();

  /** Unloads the module and lets go of the context. */
  @Override
  void close();
}
