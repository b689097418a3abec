package org.halocline.runtime.config;

import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Amounts of memory as people write and read them. */
public final class Bytes {
  private static final Pattern AMOUNT = Pattern.compile("(\\d{1,15}(?:\\.\\d{1,9})?) *(?:([kmgt])(?:i?b)?|b)?");

  private Bytes() {}

  /** "37.5 MiB", "20.3 GiB". */
  public static String text(long bytes) {
    return bytes >= 10L << 30
        ? String.format(Locale.ROOT, "%.1f GiB", bytes / 0x1p30)
        : String.format(Locale.ROOT, "%.1f MiB", bytes / 0x1p20);
  }

  /** "20g", "20GiB", "512 MiB", "1000000"; units are powers of 1024. Empty where it is no amount. */
  public static OptionalLong parse(String text) {
    Matcher amount = AMOUNT.matcher(text.trim().toLowerCase(Locale.ROOT));
    if (!amount.matches())
      return OptionalLong.empty();
    int power = amount.group(2) == null ? 0 : 10 * (1 + "kmgt".indexOf(amount.group(2)));
    double bytes = Math.scalb(Double.parseDouble(amount.group(1)), power);
    return bytes < 0x1p60 ? OptionalLong.of((long) bytes) : OptionalLong.empty();
  }
}
