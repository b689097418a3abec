package org.halocline.runtime.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.halocline.runtime.job.JobFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class FilePathTest {
  @TempDir
  private Path temporary;
  private Path folder;

  /** link leads to real/deep; there is a maps beside the link, and another one where the system goes. */
  @BeforeEach
  void makeLink() throws Exception {
    folder = temporary.toRealPath();
    Files.createDirectories(folder.resolve("real/deep"));
    for (String maps : new String[]{"maps", "real/maps"})
      Files.writeString(Files.createDirectories(folder.resolve(maps)).resolve("n.npy"), maps);
    Files.createSymbolicLink(folder.resolve("link"), Path.of("real/deep"));
  }

  @Test
  void shouldGoUpWhereTheSystemGoes() throws Exception {
    for (String text : new String[]{"link/../maps/n.npy", "./link/./../maps/n.npy", "maps/../link/../maps/n.npy",
        "real/deep/../maps/n.npy", "real/../link/../maps/n.npy"}) {
      Path path = folder.resolve(text);
      assertEquals(Files.readString(path), Files.readString(FilePath.absolute(path)), text);
      assertEquals(folder.resolve("real/maps/n.npy"), FilePath.absolute(path), text);
    }
    assertEquals(folder.resolve("link/n"), FilePath.absolute(folder.resolve("link/n")), "links stay");
    assertEquals(folder.resolve("nowhere/../maps/n.npy"), FilePath.absolute(folder.resolve("nowhere/../maps/n.npy")),
        "what the system does not find is not found here");
    assertEquals(Path.of("/"), FilePath.absolute(Path.of("/../..")));
    assertEquals(Path.of("").toAbsolutePath(), FilePath.absolute(Path.of("")));
  }

  @Test
  void shouldReadJobsWhereTheyAreNamed() throws Exception {
    Files.writeString(folder.resolve("link/job.conf"), "noise = \"../maps/n.npy\"");
    Path job = folder.resolve("link/job.conf");
    assertEquals("real/maps", Files.readString(noise(JobFile.read(job, Map.of(), List.of()).orThrow())));
    Path linked = Files.createSymbolicLink(folder.resolve("job.conf"), job);
    Files.writeString(job, "noise = \"maps/n.npy\"");
    assertEquals("maps", Files.readString(noise(JobFile.read(linked, Map.of(), List.of()).orThrow())),
        "beside the link, as it was typed");
  }

  private static Path noise(JobFile file) {
    Settings settings = Settings.of(file.config(), file.directory());
    return settings.inputFile("noise").orElseThrow(() -> new AssertionError(settings.problems().toString()));
  }

  @Test
  void shouldTakePathsOfBlocksLikewise() {
    Settings settings = Settings.of(ConfigFactory.parseString("a = \"../maps\", b = [\"../maps\", \"x/..\"]"),
        folder.resolve("link"));
    assertEquals(folder.resolve("real/maps"), settings.path("a").orElseThrow());
    assertEquals(folder.resolve("real/maps"), settings.paths("b", 3).getFirst());
    assertTrue(FilePath.isBelow(folder.resolve("link/../maps/new"), folder.resolve("real")));
  }
}
