package org.halocline.runtime.cluster;

/** Lengths of texts in messages. Pure. */
public final class MessageText {
  private MessageText() {}

  /** In UTF-8. */
  public static int bytes(String text) {
    int bytes = text.length();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 0x80)
        bytes += c < 0x800 || Character.isSurrogate(c) ? 1 : 2;
    }
    return bytes;
  }

  /** Says where something is left out. */
  public static String cut(String text, int characters) {
    if (text.length() <= characters)
      return text;
    int end = Character.isHighSurrogate(text.charAt(characters - 1)) ? characters - 1 : characters;
    return text.substring(0, end) + " …";
  }
}
