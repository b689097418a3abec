package org.halocline.sampler.draws;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.halocline.runtime.files.PendingFile;
import org.halocline.runtime.files.StorageException;
import org.halocline.sampler.kernel.Transition;

/**
 * The draws of one chain as CmdStan writes them: comments with the settings, a header, a row a draw, comments with what
 * the warm-up found, and where all draws are made a closing block of times. Rows are appended as they come;
 * {@link #length} is what a checkpoint remembers and a resumed run cuts back to. Numbers read back to the same bits,
 * and nothing in the file depends on the clock: the closing block's times are zero. One thread at a time.
 */
public final class DrawFile implements AutoCloseable {
  /** The first column: the log density on the unconstrained space. */
  public static final String LOG_DENSITY = "lp__";
  /** The line that ends the rows of the warm-up. */
  public static final String WARM_UP_ENDS = "# Adaptation terminated";

  private static final String CLOSING = """
      #
      #  Elapsed Time: 0 seconds (Warm-up)
      #                0 seconds (Sampling)
      #                0 seconds (Total)
      #
      """;
  private static final int MOST_HEADER = 1 << 20;

  private final Path file;
  private final FileChannel channel;
  private long length;

  private DrawFile(Path file, FileChannel channel, long length) {
    this.file = file;
    this.channel = channel;
    this.length = length;
  }

  /**
   * Begins anew.
   *
   * @param pending the file's name, and where it is made
   * @param comments settings
   * @param sampler names of the sampler's columns
   * @param parameters names of the program's scalars
   * @param derived names of what the program makes of them
   */
  public static DrawFile begin(PendingFile pending, List<String> comments, List<String> sampler,
      List<String> parameters, List<String> derived) throws StorageException {
    List<String> columns = new ArrayList<>(List.of(LOG_DENSITY));
    columns.addAll(sampler);
    columns.addAll(parameters);
    columns.addAll(derived);
    return make(pending, copy -> write(copy, header(comments, String.join(",", columns))), 0);
  }

  /**
   * Opens the file, cut back to a length, with the settings of now above its header. What is kept is copied, so that an
   * earlier start of the run that still has the file open writes into one without a name.
   *
   * @param pending the file's name, and where the copy is made
   * @param length of what is kept, from the header's end
   */
  public static DrawFile resume(PendingFile pending, List<String> comments, long length) throws StorageException {
    return make(pending, copy -> copyRows(pending.file(), comments, length, copy), length);
  }

  private interface Contents {
    void write(FileChannel into) throws IOException;
  }

  private static DrawFile make(PendingFile pending, Contents contents, long length) throws StorageException {
    try {
      FileChannel copy = FileChannel.open(pending.path(), StandardOpenOption.CREATE,
          StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
      try {
        contents.write(copy);
        pending.commit();
        return new DrawFile(pending.file(), copy, length);
      } catch (Throwable failed) {
        copy.close();
        throw failed;
      }
    } catch (IOException failed) {
      throw StorageException.of(pending.file(), "opened", failed);
    }
  }

  private static String header(List<String> comments, String columns) {
    StringBuilder text = new StringBuilder();
    comments.forEach(comment -> text.append("# ").append(comment).append('\n'));
    return text.append(columns).append('\n').toString();
  }

  private static void copyRows(Path file, List<String> comments, long length, FileChannel into) throws IOException {
    try (FileChannel from = FileChannel.open(file, StandardOpenOption.READ)) {
      String header = readHeader(from);
      long begins = header.getBytes(StandardCharsets.UTF_8).length;
      if (from.size() < begins + length)
        throw new IOException("it has " + from.size() + " bytes where the checkpoint expects " + (begins + length));
      write(into, header(comments, header.lines().reduce((_, last) -> last).orElseThrow()));
      for (long at = begins; at < begins + length;)
        at += from.transferTo(at, begins + length - at, into);
    }
  }

  /** The lines up to and with the first that is no comment. */
  private static String readHeader(FileChannel from) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(MOST_HEADER, from.size()));
    while (bytes.hasRemaining() && from.read(bytes, bytes.position()) > 0)
      continue;
    String text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
    int line = 0;
    while (text.startsWith("#", line) && text.indexOf('\n', line) >= 0)
      line = text.indexOf('\n', line) + 1;
    int end = text.indexOf('\n', line);
    if (end < 0)
      throw new IOException("it has no header");
    return text.substring(0, end + 1);
  }

  /** A row. @param sampler values of the sampler's columns */
  public void draw(Transition transition, List<String> sampler) throws StorageException {
    StringBuilder row = new StringBuilder().append(transition.logDensity());
    sampler.forEach(value -> row.append(',').append(value));
    for (double value : transition.constrained())
      row.append(',').append(value);
    transition.derived().values().forEach(value -> row.append(',').append(value));
    append(row.append('\n').toString());
  }

  /** The end of the warm-up. @param found what it found, as comments */
  public void adapted(List<String> found) throws StorageException {
    StringBuilder text = new StringBuilder(WARM_UP_ENDS).append('\n');
    found.forEach(line -> text.append("# ").append(line).append('\n'));
    append(text.toString());
  }

  /** The last lines of a chain that has made all its draws; a later {@link #resume} cuts them off. */
  public void ended() throws StorageException {
    on("written", () -> write(channel, CLOSING));
    sync();
  }

  private void append(String text) throws StorageException {
    on("written", () -> length += write(channel, text));
  }

  private static int write(FileChannel channel, String text) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    while (bytes.hasRemaining())
      channel.write(bytes);
    return bytes.limit();
  }

  /** Bytes after the header so far. */
  public long length() {
    return length;
  }

  /** Makes the rows last. */
  public void sync() throws StorageException {
    on("written", () -> channel.force(false));
  }

  @Override
  public void close() throws StorageException {
    on("closed", channel::close);
  }

  private interface Work {
    void run() throws IOException;
  }

  private void on(String done, Work work) throws StorageException {
    try {
      work.run();
    } catch (IOException failed) {
      throw StorageException.of(file, done, failed);
    }
  }
}
