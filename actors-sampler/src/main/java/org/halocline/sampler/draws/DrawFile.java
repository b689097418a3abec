package org.halocline.sampler.draws;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.halocline.runtime.run.PendingFile;
import org.halocline.runtime.run.StorageException;
import org.halocline.sampler.hmc.Transition;

/**
 * The draws of one chain as CmdStan writes them: comments with the settings, a header, a row a draw, comments with what the
 * warm-up found. Rows are appended as they come; {@link #length} is what a checkpoint remembers and a resumed run cuts back
 * to. Numbers read back to the same bits, and nothing in the file depends on the clock. One thread at a time.
 */
public final class DrawFile implements AutoCloseable {
  private static final List<String> COLUMNS = List.of("lp__", "accept_stat__", "stepsize__", "n_leapfrog__",
      "divergent__", "energy__");

  private final Path file;
  private final FileChannel channel;
  private long length;

  private DrawFile(Path file, FileChannel channel, long length) {
    this.file = file;
    this.channel = channel;
    this.length = length;
  }

  /**
   * Opens the file, cut back to a length; 0 begins anew. What is kept is copied, so that an earlier start of the run that
   * still has the file open writes into one without a name.
   *
   * @param pending the file's name, and where the copy is made
   */
  public static DrawFile open(PendingFile pending, long length) throws StorageException {
    Path file = pending.file();
    FileChannel copy = null;
    try {
      copy = FileChannel.open(pending.path(), StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING,
          StandardOpenOption.WRITE);
      if (length > 0)
        copyHead(file, length, copy);
      pending.commit();
      return new DrawFile(file, copy, length);
    } catch (IOException failed) {
      closeQuietly(copy, failed);
      throw StorageException.of(file, "opened", failed);
    }
  }

  private static void copyHead(Path file, long length, FileChannel into) throws IOException {
    try (FileChannel from = FileChannel.open(file, StandardOpenOption.READ)) {
      if (from.size() < length)
        throw new IOException("it has " + from.size() + " bytes where the checkpoint expects " + length);
      for (long at = 0; at < length;)
        at += from.transferTo(at, length - at, into);
    }
  }

  private static void closeQuietly(FileChannel channel, IOException cause) {
    try {
      if (channel != null)
        channel.close();
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  /** Settings as comments, then the names of the columns. */
  public void header(List<String> comments, List<String> parameters, List<String> derived) throws StorageException {
    List<String> columns = new ArrayList<>(COLUMNS);
    columns.addAll(parameters);
    columns.addAll(derived);
    StringBuilder text = new StringBuilder();
    comments.forEach(comment -> text.append("# ").append(comment).append('\n'));
    append(text.append(String.join(",", columns)).append('\n').toString());
  }

  /** A row. */
  public void draw(Transition transition, double stepSize) throws StorageException {
    StringBuilder row = new StringBuilder();
    row.append(transition.logDensity()).append(',').append(transition.acceptance()).append(',').append(stepSize)
        .append(',').append(transition.gradients()).append(',').append(transition.divergent() ? 1 : 0).append(',')
        .append(transition.energy());
    for (double value : transition.constrained())
      row.append(',').append(value);
    transition.derived().values().forEach(value -> row.append(',').append(value));
    append(row.append('\n').toString());
  }

  /** What the warm-up found, as comments. */
  public void adapted(double stepSize, double[] inverseMetric, int scalars, boolean dense) throws StorageException {
    StringBuilder text = new StringBuilder("# Adaptation terminated\n# Step size = ").append(stepSize).append('\n');
    text.append(dense ? "# Elements of inverse mass matrix:\n" : "# Diagonal elements of inverse mass matrix:\n");
    for (int i = 0; i < (dense ? scalars : Math.min(1, scalars)); i++) {
      List<String> row = new ArrayList<>();
      for (int j = 0; j < scalars; j++)
        row.add(Double.toString(inverseMetric[dense ? i * scalars + j : j * scalars + j]));
      text.append("# ").append(String.join(", ", row)).append('\n');
    }
    append(text.toString());
  }

  private void append(String text) throws StorageException {
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    try {
      while (bytes.hasRemaining())
        length += channel.write(bytes);
    } catch (IOException failed) {
      throw StorageException.of(file, "written", failed);
    }
  }

  /** Bytes so far. */
  public long length() {
    return length;
  }

  /** Makes the rows last. */
  public void sync() throws StorageException {
    try {
      channel.force(false);
    } catch (IOException failed) {
      throw StorageException.of(file, "written", failed);
    }
  }

  @Override
  public void close() throws StorageException {
    try {
      channel.close();
    } catch (IOException failed) {
      throw StorageException.of(file, "closed", failed);
    }
  }
}
