package org.halocline.runtime.store;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.halocline.runtime.cluster.JobEventRecord;
import org.halocline.runtime.files.AtomicFiles;
import org.halocline.runtime.files.StorageException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The events of one job as they are read, while more are written. Remembers where in the files numbers stand, so a
 * reader that goes on need not begin at the beginning. A line that cannot be understood, such as one that a crash cut
 * off, is left out. Blocks on the disk; one thread at a time.
 */
public final class EventHistory {
  private static final Logger LOG = LoggerFactory.getLogger(EventHistory.class);
  private static final String FILE = "\\d{6,9}\\.jsonl";
  private static final int STEP = 64 << 10;

  private record Place(int incarnation, long offset) {}

  private final Path directory;
  private final TreeMap<Long, Place> places = new TreeMap<>();
  private long bytesRead;

  public EventHistory(Path directory) {
    this.directory = directory;
  }

  /** Events from a number on, at most so many. */
  public List<JobEventRecord> read(long from, int most) throws StorageException {
    List<JobEventRecord> events = new ArrayList<>();
    try {
      Optional<Place> near = Optional.ofNullable(places.floorEntry(from)).map(Map.Entry::getValue)
          .filter(place -> place.incarnation() >= EventNumber.incarnation(from));
      Place start = near.orElse(new Place(EventNumber.incarnation(from), 0));
      for (Map.Entry<Integer, Path> file : files().tailMap(start.incarnation(), true).entrySet())
        if (!scan(file.getValue(),
            new Place(file.getKey(), file.getKey() == start.incarnation() ? start.offset() : 0), event -> {
              if (event.number() >= from)
                events.add(event);
              return events.size() < most;
            }))
          break;
      return events;
    } catch (IOException e) {
      throw StorageException.of(directory, "read", e);
    }
  }

  /** The last events that were kept, oldest first, at most so many. Holds no more than these at a time. */
  public List<JobEventRecord> last(int most) throws StorageException {
    List<JobEventRecord> last = new ArrayList<>();
    try {
      for (Map.Entry<Integer, Path> file : files().descendingMap().entrySet()) {
        ArrayDeque<JobEventRecord> end = new ArrayDeque<>();
        int room = most - last.size();
        if (room == 0)
          break;
        scan(file.getValue(), new Place(file.getKey(), 0), event -> {
          end.add(event);
          if (end.size() > room)
            end.remove();
          return true;
        });
        last.addAll(0, end);
      }
      return last;
    } catch (IOException e) {
      throw StorageException.of(directory, "read", e);
    }
  }

  /** How much has been read from the disk so far; for tests. */
  long bytesRead() {
    return bytesRead;
  }

  private NavigableMap<Integer, Path> files() throws IOException {
    NavigableMap<Integer, Path> found = new TreeMap<>();
    try {
      for (String name : AtomicFiles.names(directory))
        if (name.matches(FILE))
          found.put(Integer.parseInt(name.substring(0, name.indexOf('.'))), directory.resolve(name));
    } catch (NoSuchFileException e) {
      // nothing has happened yet
    }
    return found;
  }

  /** @return whether it came to the end of the file */
  private boolean scan(Path file, Place from, Predicate<JobEventRecord> more) throws IOException {
    long start = from.offset();
    long remembered = start;
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      InputStream in = Channels.newInputStream(channel.position(start));
      byte[] chunk = new byte[STEP];
      for (int length = in.read(chunk); length > 0; length = in.read(chunk)) {
        bytesRead += length;
        int begin = 0;
        for (int i = 0; i < length; i++)
          if (chunk[i] == '\n') {
            line.write(chunk, begin, i - begin);
            begin = i + 1;
            Optional<JobEventRecord> event = parse(line.toByteArray(), file);
            if (event.isPresent() && (start == 0 || start - remembered >= STEP)) {
              places.put(event.get().number(), new Place(from.incarnation(), start));
              remembered = start;
            }
            if (event.isPresent() && !more.test(event.get()))
              return false;
            start += line.size() + 1;
            line.reset();
          }
        line.write(chunk, begin, length - begin);
      }
    }
    return true;
  }

  private static Optional<JobEventRecord> parse(byte[] line, Path file) {
    try {
      JobEventRecord event = FileJobStore.JSON.readValue(line, JobEventRecord.class);
      if (event != null && event.jobId() != null && event.event() != null)
        return Optional.of(event);
    } catch (IOException | RuntimeException e) {
      LOG.debug("not an event", e);
    }
    LOG.info("an event in {} is cut off or broken, and is left out", file);
    return Optional.empty();
  }
}
