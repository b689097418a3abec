package org.halocline.runtime.node;

/** Lengths of texts in messages. Pure. */
final class Texts {
  private Texts() {}

  /** In UTF-8. */
  static int bytes(String text) {
    int bytes = text.length();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 0x80)
        bytes += c < 0x800 || Character.isSurrogate(c) ? 1 : 2;
    }
    return bytes;
  }

  /** Says where something is left out. */
  static String cut(String text, int characters) {
    if (text.length() <= characters)
      return text;
    int end = Character.isHighSurrogate(text.charAt(characters - 1)) ? characters - 1 : characters;
    return text.substring(0, end) + " …";
  }
}
