package org.halocline.runtime.state;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.halocline.runtime.job.Digests;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class BlobStoreTest {
  @TempDir
  Path folder;
  private BlobStore blobs;

  @BeforeEach
  void open() throws Exception {
    blobs = new BlobStore(Files.createDirectories(folder.resolve("blobs")));
  }

  private Path receive(String contents) throws Exception {
    return blobs.receive(Digests.sha256(contents),
        new ByteArrayInputStream(contents.getBytes(StandardCharsets.UTF_8)), 100);
  }

  @Test
  void shouldTellADigestWithoutReadingABlobAgain() throws Exception {
    Path blob = receive("an input");
    Files.writeString(blob, "read again, this would show");
    assertEquals(Optional.of(Digests.sha256("an input")), blobs.digestOf(blob));
    assertEquals(List.of(Digests.sha256("an input")),
        List.copyOf(Digests.of(List.of(blob), blobs::digestOf).orThrow().values()));
    Path elsewhere = Files.writeString(folder.resolve(Digests.sha256("x")), "not x");
    assertEquals(Optional.empty(), blobs.digestOf(elsewhere));
    assertEquals(List.of(Digests.sha256("not x")),
        List.copyOf(Digests.of(List.of(elsewhere), blobs::digestOf).orThrow().values()));
  }

  @Test
  void shouldRemoveWhatABrokenTransferLeftADayAgo() throws Exception {
    Instant now = Instant.parse("2026-01-02T03:04:05Z");
    Path blob = receive("an input");
    Path old = Files.writeString(folder.resolve("blobs/.part-1-1"), "half");
    Path fresh = Files.writeString(folder.resolve("blobs/.part-2-1"), "half");
    for (Path path : List.of(blob, old))
      Files.setLastModifiedTime(path, FileTime.from(now.minus(Duration.ofDays(2))));
    Files.setLastModifiedTime(fresh, FileTime.from(now));
    blobs.removeAbandoned(now.minus(Duration.ofDays(1)));
    assertEquals(List.of(false, true, true), List.of(Files.exists(old), Files.exists(fresh), Files.exists(blob)));
  }
}
