package org.halocline.runtime.state;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The right to begin a cluster where none lives, which one process has at a time: of several that start at once the
 * others wait, and then find the cluster. It goes with the process. Its taker closes it.
 */
public final class Founding implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Founding.class);

  private final FileChannel channel;

  private Founding(FileChannel channel) {
    this.channel = channel;
  }

  /** @return empty while another process has it; where the disk cannot lock, every process has it */
  static Optional<Founding> take(Path file) {
    FileChannel channel = null;
    try {
      channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (channel.tryLock() != null)
        return Optional.of(new Founding(channel));
    } catch (OverlappingFileLockException e) {
      LOG.debug("another node in this process begins a cluster");
    } catch (IOException e) {
      LOG.warn("{} cannot be locked: nodes that start at the same moment may not find each other", file, e);
      if (channel != null)
        return Optional.of(new Founding(channel));
    }
    close(channel);
    return Optional.empty();
  }

  private static void close(FileChannel channel) {
    try {
      if (channel != null)
        channel.close();
    } catch (IOException e) {
      LOG.debug("the file of founding cannot be closed", e);
    }
  }

  @Override
  public void close() {
    close(channel);
  }
}
