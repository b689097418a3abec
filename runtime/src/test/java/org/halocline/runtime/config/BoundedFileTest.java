package org.halocline.runtime.config;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class BoundedFileTest {
  @TempDir
  Path folder;

  @Test
  void shouldReadUpToTheBoundAndNoFurther() throws Exception {
    Path file = Files.write(folder.resolve("file"), new byte[]{1, 2, 3});
    assertArrayEquals(new byte[]{1, 2, 3}, BoundedFile.read(file, 3).orElseThrow());
    assertEquals(Optional.empty(), BoundedFile.read(file, 2));
    assertEquals(Optional.empty(), BoundedFile.read(Path.of("/dev/zero"), 1000));
  }

  @Test
  void shouldReadNoTextThatIsNotUtf8() throws Exception {
    assertEquals("ü", BoundedFile.text(Files.writeString(folder.resolve("good"), "ü"), 2).orElseThrow());
    Path bad = Files.write(folder.resolve("bad"), new byte[]{(byte) 0xff});
    assertThrows(CharacterCodingException.class, () -> BoundedFile.text(bad, 2));
  }
}
