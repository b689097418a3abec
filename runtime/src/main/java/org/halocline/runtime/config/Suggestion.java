package org.halocline.runtime.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds the known name that a mistyped one was probably meant to be. */
public final class Suggestion {
  private Suggestion() {}

  /** The nearest name by edit distance, when it is near enough to be meant; ties go to the first in order. */
  public static Optional<String> among(Collection<String> names, String mistyped) {
    int most = Math.max(1, mistyped.length() / 3);
    return names.stream().filter(name -> distance(plain(name), plain(mistyped)) <= most)
        .min(Comparator.<String>comparingInt(name -> distance(plain(name), plain(mistyped)))
            .thenComparing(Comparator.naturalOrder()));
  }

  private static String plain(String name) {
    return name.toLowerCase(java.util.Locale.ROOT).replace('_', '-');
  }

  /** Insertions, deletions and replacements of one character (Levenshtein). */
  static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++)
      row[j] = j;
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j - 1], row[j]));
      }
    }
    return row[b.length()];
  }
}
