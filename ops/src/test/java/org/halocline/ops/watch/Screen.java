package org.halocline.ops.watch;

import java.util.ArrayList;
import java.util.List;

/**
 * What a terminal shows after the few sequences that {@link TerminalView} prints: up, erase to the end of the line,
 * wrapping.
 */
record Screen(List<String> lines) {

  static Screen of(String printed) {
    List<String> lines = new ArrayList<>();
    int row = 0;
    for (String part : printed.replace("\u001b[?7l", "").replace("\u001b[?7h", "").split("\n", -1)) {
      String text = part;
      if (text.startsWith("\r\u001b[")) {
        int end = text.indexOf('A');
        row -= Integer.parseInt(text.substring(3, end));
        text = text.substring(end + 1);
        if (text.startsWith("\u001b[J")) {
          text = text.substring(3);
          while (lines.size() > row)
            lines.removeLast();
        }
      }
      while (lines.size() <= row)
        lines.add("");
      boolean erased = text.endsWith("\u001b[K");
      String shown = erased ? text.substring(0, text.length() - 3) : text;
      String old = lines.get(row);
      lines.set(row, erased || old.length() <= shown.length() ? shown : shown + old.substring(shown.length()));
      row++;
    }
    while (!lines.isEmpty() && lines.getLast().isEmpty())
      lines.removeLast();
    return new Screen(List.copyOf(lines));
  }
}
