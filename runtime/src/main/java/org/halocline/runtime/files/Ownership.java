package org.halocline.runtime.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Locale;
import java.util.function.Predicate;
import org.halocline.runtime.config.Problem;
import org.slf4j.LoggerFactory;

/**
 * Decides which process may change a directory, where several may believe that they do:
 *
 * <pre>
 * NUMBERS/000003      one file an owner, created exclusively: the highest number owns the directory
 * .aside/000003/      where that owner writes what is to get a name
 * </pre>
 *
 * <p>
 * Every name that counts is given by a rename out of the owner's own aside directory. A new owner first takes its
 * number, then moves all older aside directories away: from then on no rename of an earlier owner can succeed, however
 * late it wakes up, and what it writes into files that it holds open has no name any more. So no process needs to know
 * whether the other one is dead. Thread-safe.
 */
public final class Ownership {
  private static final String ASIDE = ".aside";
  private static final String NUMBER = "\\d{6}";

  private final Path directory;
  private final Path numbers;
  private final int number;

  private Ownership(Path directory, Path numbers, int number) {
    this.directory = directory;
    this.numbers = numbers;
    this.number = number;
  }

  /**
   * Becomes the owner.
   *
   * @param numbers name of the directory's folder of numbers
   * @param note the owner's name, for people; kept in the number's file
   * @throws SupersededException when another process became the owner meanwhile
   */
  public static Ownership take(Path directory, String numbers, String note) throws StorageException {
    return take(directory, numbers, note, _ -> true);
  }

  /** @param mayFollow whether this may become the owner after one with that note */
  public static Ownership take(Path directory, String numbers, String note, Predicate<String> mayFollow)
      throws StorageException {
    Path folder = directory.resolve(numbers);
    Ownership owner = null;
    try {
      Files.createDirectories(folder);
      Files.createDirectories(directory.resolve(ASIDE));
      owner = new Ownership(directory, folder, claim(directory, folder, note, mayFollow));
      Files.createDirectory(owner.asideDirectory());
      owner.shutOutEarlier();
      owner.requireCurrent();
      return owner;
    } catch (IOException e) {
      if (owner != null && !(e instanceof SupersededException) && owner.hasSuccessor())
        throw owner.superseded();
      throw StorageException.of(directory, "taken over", e);
    }
  }

  /** The number after the one whose note was read: a process that comes in between has a note of its own. */
  private static int claim(Path directory, Path folder, String note, Predicate<String> mayFollow) throws IOException {
    Path aside = Files.createTempFile(folder, ".note-", "");
    try {
      AtomicFiles.writeSynced(aside, note.getBytes(StandardCharsets.UTF_8));
      while (true) {
        int before = highest(folder);
        if (before > 0 && !mayFollow.test(Files.readString(folder.resolve(text(before)))))
          throw new Ownership(directory, folder, before + 1).superseded();
        try {
          name(folder.resolve(text(before + 1)), aside);
          AtomicFiles.syncDirectory(folder);
          return before + 1;
        } catch (FileAlreadyExistsException e) {
          // another process was faster
        }
      }
    } finally {
      Files.deleteIfExists(aside);
    }
  }

  /** With its note in it from the first moment, but on disks without hard links. */
  private static void name(Path number, Path aside) throws IOException {
    try {
      Files.createLink(number, aside);
    } catch (FileAlreadyExistsException e) {
      throw e;
    } catch (UnsupportedOperationException | FileSystemException e) {
      Files.createFile(number);
      AtomicFiles.writeSynced(number, Files.readAllBytes(aside));
    }
  }

  /** The highest number that was ever taken; 0 for none. */
  public static int highest(Path folder) throws IOException {
    return Files.isDirectory(folder)
        ? AtomicFiles.names(folder).stream().filter(name -> name.matches(NUMBER)).mapToInt(Integer::parseInt).max()
            .orElse(0)
        : 0;
  }

  /** One rename shuts an earlier owner out; its files are removed afterwards. Several may be at it at once. */
  private void shutOutEarlier() throws IOException {
    for (String name : AtomicFiles.names(directory.resolve(ASIDE))) {
      if (name.equals(text(number)))
        continue;
      Path left = directory.resolve(ASIDE).resolve(name);
      if (name.matches(NUMBER)) {
        if (Integer.parseInt(name) > number)
          throw superseded();
        Path gone = left.resolveSibling(name + ".gone-" + text(number));
        try {
          Files.move(left, gone, StandardCopyOption.ATOMIC_MOVE);
        } catch (NoSuchFileException e) {
          continue; // another one has moved it away
        }
        left = gone;
      }
      remove(left);
    }
    AtomicFiles.syncDirectory(directory.resolve(ASIDE));
  }

  /** A file that stays does no harm; the next owner tries again. */
  private static void remove(Path left) {
    try {
      AtomicFiles.deleteTree(left);
    } catch (IOException | UncheckedIOException e) {
      LoggerFactory.getLogger(Ownership.class).debug("{} stays: {}", left, e.toString());
    }
  }

  /** Grows with every owner; from 1. */
  public int number() {
    return number;
  }

  private Path asideDirectory() {
    return directory.resolve(ASIDE).resolve(text(number));
  }

  /** Where to write what is to get a name; on the directory's own disk. */
  public Path aside(String name) {
    return asideDirectory().resolve(name);
  }

  /** A file that gets its name when it is complete. */
  public PendingFile pending(String asideName, Path file) {
    return new PendingFile(aside(asideName), file);
  }

  /**
   * Writes a whole small file, fsynced, at once.
   *
   * @throws SupersededException when there is a newer owner; the file is as that one wants it
   */
  public void write(Path file, String asideName, String text) throws StorageException {
    write(file, asideName, text.getBytes(StandardCharsets.UTF_8));
  }

  public void write(Path file, String asideName, byte[] bytes) throws StorageException {
    try {
      AtomicFiles.write(file, aside(asideName), bytes);
    } catch (StorageException e) {
      throw explained(e);
    }
  }

  /**
   * Makes an empty file. It is there at once, and need not outlast a power cut.
   *
   * @throws SupersededException when there is a newer owner
   */
  public void mark(Path file, String asideName) throws StorageException {
    try {
      Path aside = Files.write(aside(asideName), new byte[0]);
      Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw explained(StorageException.of(file, "made", e));
    }
  }

  /** The failure to write, or what is behind it: a newer owner. */
  StorageException explained(StorageException failure) {
    return isCurrent() ? failure : superseded();
  }

  /** Whether no later owner was seen yet; a hint, for decisions that need not be certain. */
  public boolean isCurrent() {
    try {
      return !isSeenToBeOver();
    } catch (IOException e) {
      return true; // a disk that cannot be read just now proves nothing
    }
  }

  private boolean hasSuccessor() {
    try {
      return highest(numbers) > number;
    } catch (IOException e) {
      return false;
    }
  }

  private boolean isSeenToBeOver() throws IOException {
    try {
      Files.readAttributes(asideDirectory(), BasicFileAttributes.class);
    } catch (NoSuchFileException e) {
      Files.readAttributes(directory.resolve(ASIDE), BasicFileAttributes.class); // its disk is there
      return true;
    }
    return highest(numbers) > number;
  }

  /**
   * As {@link #isCurrent}.
   *
   * @throws SupersededException when another process has
   */
  public void requireCurrent() throws StorageException {
    try {
      if (isSeenToBeOver())
        throw superseded();
    } catch (SupersededException e) {
      throw e;
    } catch (IOException e) {
      throw StorageException.of(directory, "read", e);
    }
  }

  private SupersededException superseded() {
    return new SupersededException(Problem.of(directory.toString(),
        "has been taken over by another process; number " + number + " may no longer change it",
        "look at what that one does"));
  }

  /** A number as the name of a file. */
  public static String text(int number) {
    return String.format(Locale.ROOT, "%06d", number);
  }
}
