package org.halocline.runtime.state;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.halocline.runtime.cluster.JobEventRecord;
import org.halocline.runtime.run.StorageException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The events of one job: a JSON object a line, a file a coordinator. A coordinator that was superseded writes into its own
 * file, whose numbers are all below its successor's. Blocks on the disk; one thread at a time. Whoever appended closes it.
 */
public final class EventLog implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EventLog.class);

  private final Path directory;
  private final int incarnation;
  private Optional<FileChannel> channel = Optional.empty();

  EventLog(Path directory, int incarnation) {
    this.directory = directory;
    this.incarnation = incarnation;
  }

  /**
   * Adds an event.
   *
   * @param lasting
   *          whether it must outlive a power cut; news of progress need not
   */
  public void append(JobEventRecord event, boolean lasting) throws StorageException {
    Path file = directory.resolve(String.format(Locale.ROOT, "%06d.jsonl", incarnation));
    try {
      if (channel.isEmpty()) {
        Files.createDirectories(directory);
        channel = Optional.of(FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
      }
      write(channel.get(), (JobStore.JSON.writeValueAsString(event) + "\n").getBytes(StandardCharsets.UTF_8));
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

  /** The last events that were kept, oldest first, at most so many. Holds no more than these at a time. */
  public List<JobEventRecord> last(int most) throws StorageException {
    List<JobEventRecord> last = new ArrayList<>();
    try {
      for (Path file : files().reversed()) {
        ArrayDeque<JobEventRecord> end = new ArrayDeque<>();
        int room = most - last.size();
        each(file, event -> {
          end.add(event);
          if (end.size() > room)
            end.remove();
          return true;
        });
        last.addAll(0, end);
        if (last.size() == most)
          break;
      }
      return last;
    } catch (IOException e) {
      throw StorageException.of(directory, "read", e);
    }
  }

  /** Events from a number on, at most so many. */
  public List<JobEventRecord> read(long from, int most) throws StorageException {
    List<JobEventRecord> events = new ArrayList<>();
    try {
      for (Path file : files())
        if (events.size() < most
            && EventNumber.incarnation(from) <= Integer.parseInt(file.getFileName().toString().substring(0, 6)))
          each(file, event -> {
            if (event.number() >= from)
              events.add(event);
            return events.size() < most;
          });
      return events;
    } catch (IOException e) {
      throw StorageException.of(directory, "read", e);
    }
  }

  /** One a coordinator, in their order. */
  private List<Path> files() throws IOException {
    if (!Files.isDirectory(directory))
      return List.of();
    try (Stream<Path> all = Files.list(directory)) {
      return all.filter(file -> file.getFileName().toString().matches("\\d{6}\\.jsonl")).sorted().toList();
    }
  }

  /** Until the reader has enough. A line that was cut off by a crash is left out. */
  private static void each(Path file, Predicate<JobEventRecord> goesOn) throws IOException {
    try (BufferedReader lines = new BufferedReader(
        new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8))) {
      boolean more = true;
      for (String line = lines.readLine(); more && line != null; line = lines.readLine())
        try {
          JobEventRecord event = JobStore.JSON.readValue(line, JobEventRecord.class);
          more = event == null || event.event() == null || goesOn.test(event);
        } catch (JsonProcessingException cut) {
          LOG.info("an event in {} is cut off", file);
        }
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
