package org.halocline.runtime.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.halocline.runtime.cluster.JobEventRecord;
import org.halocline.runtime.files.AtomicFiles;
import org.halocline.runtime.files.Ownership;
import org.halocline.runtime.files.StorageException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The events of one job as they are written: a JSON object a line, a file a coordinator. A coordinator that was
 * superseded writes into its own file, whose numbers are all below its successor's. Blocks on the disk; one thread at a
 * time. The thread that appends also closes it.
 */
public final class EventLog implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EventLog.class);

  private final Path directory;
  private final int incarnation;
  private Optional<FileChannel> channel = Optional.empty();

  public EventLog(Path directory, int incarnation) {
    this.directory = directory;
    this.incarnation = incarnation;
  }

  /**
   * Adds an event.
   *
   * @param lasting whether it must outlive a power cut; news of progress need not
   */
  public void append(JobEventRecord event, boolean lasting) throws StorageException {
    Path file = directory.resolve(Ownership.text(incarnation) + ".jsonl");
    try {
      if (channel.isEmpty()) {
        AtomicFiles.createDirectories(file.getParent());
        channel = Optional.of(FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
        AtomicFiles.syncDirectory(file.getParent());
      }
      write(channel.get(), (FileJobStore.JSON.writeValueAsString(event) + "\n").getBytes(StandardCharsets.UTF_8));
      if (lasting)
        channel.get().force(false);
    } catch (IOException e) {
      throw StorageException.of(file, "written", e);
    }
  }

  /** Whole or not at all: where the disk is full, half a line would spoil the next one. */
  private static void write(FileChannel to, byte[] line) throws IOException {
    long before = to.size();
    ByteBuffer bytes = ByteBuffer.wrap(line);
    try {
      while (bytes.hasRemaining())
        to.write(bytes);
    } catch (IOException e) {
      to.truncate(before);
      throw e;
    }
  }

  @Override
  public void close() {
    try {
      if (channel.isPresent())
        channel.get().close();
      channel = Optional.empty();
    } catch (IOException e) {
      LOG.warn("{} cannot be closed", directory, e);
    }
  }
}
