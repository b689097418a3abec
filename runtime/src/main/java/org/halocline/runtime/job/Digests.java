package org.halocline.runtime.job;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.halocline.runtime.config.Checked;
import org.halocline.runtime.config.FilePath;
import org.halocline.runtime.config.Problem;

/** SHA-256 of inputs, in hexadecimal. */
public final class Digests {
  private static final int BUFFER = 1 << 16;

  private Digests() {}

  public static String sha256(String text) {
    return HexFormat.of().formatHex(sha256().digest(text.getBytes(StandardCharsets.UTF_8)));
  }

  public static String sha256(Path file) throws IOException {
    MessageDigest digest = sha256();
    byte[] buffer = new byte[BUFFER];
    try (InputStream in = Files.newInputStream(file)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer))
        digest.update(buffer, 0, read);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /**
   * Of each file, by its absolute path.
   *
   * @param known digests that need not be taken again
   */
  public static Checked<Map<String, String>> of(List<Path> files, Function<Path, Optional<String>> known) {
    Map<String, String> digests = new TreeMap<>();
    List<Problem> problems = new ArrayList<>();
    for (Path file : files)
      try {
        Optional<String> before = known.apply(file);
        digests.put(FilePath.absolute(file).toString(), before.isPresent() ? before.get() : sha256(file));
      } catch (IOException e) {
        problems.add(
            Problem.of(file.toString(), "cannot be read: " + e.getMessage(), "check the file and its permissions"));
      }
    return problems.isEmpty() ? Checked.valid(digests) : Checked.invalid(problems);
  }

  /** One that has seen nothing yet. */
  public static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
