package org.halocline.runtime.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * Absolute paths as the operating system understands them. {@code link/..} is the folder above the one that the link
 * leads to, so {@link Path#normalize}, which only looks at the text, names another file.
 */
public final class FilePath {
  private static final String UP = "..";

  private FilePath() {}

  /**
   * Without {@code .}, and without {@code ..} where what stands before it is a folder; links stay as they are
   * elsewhere.
   */
  public static Path absolute(Path path) {
    Path absolute = path.toAbsolutePath();
    Path at = absolute.getRoot();
    for (Path name : absolute) {
      String text = name.toString();
      if (text.equals(UP))
        at = above(at);
      else if (!text.equals(".") && !text.isEmpty())
        at = at.resolve(name);
    }
    return at;
  }

  private static Path above(Path folder) {
    try {
      Path real = folder.toRealPath();
      if (Files.isDirectory(real))
        return real.getParent() == null ? real : real.getParent();
    } catch (IOException e) {
      // the system finds nothing there either
    }
    return folder.resolve(UP);
  }

  /** Whether a file, which need not exist yet, lies below a folder after all links are followed. */
  public static boolean isBelow(Path file, Path folder) {
    try {
      Path real = real(file);
      Path root = real(folder);
      return real.startsWith(root) && !real.equals(root);
    } catch (IOException e) {
      return false;
    }
  }

  private static Path real(Path path) throws IOException {
    Path there = absolute(path);
    for (Path name : there)
      if (name.toString().equals(UP))
        throw new IOException(path + " leads nowhere");
    if (Files.exists(there, LinkOption.NOFOLLOW_LINKS) || there.getParent() == null)
      return there.toRealPath();
    return real(there.getParent()).resolve(there.getFileName());
  }
}
