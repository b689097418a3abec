package org.halocline.ops.http;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/**
 * One thing that can be asked.
 *
 * @param method
 *          GET, HEAD, POST, PUT or DELETE
 * @param path
 *          such as /api/v1/jobs/{id}: a segment in braces stands for any one, and {name…} at the end for all that follow
 * @param access
 *          which callers may ask it
 * @param handler
 *          what answers
 */
public record Endpoint(String method, String path, Access access, Handler handler) {

  /** Which callers may ask. */
  public enum Access {
    /** Every caller that can connect. */
    OPEN,
    /** Every caller on this machine; from elsewhere, callers with the token. */
    READ,
    /** Callers with the token, and browsers with a session. */
    CANCEL,
    /** Callers with the token. */
    CHANGE
  }

  /** Answers a call. It runs on a virtual thread and may wait, but not for long. */
  public interface Handler {
    /**
     * @throws Refusal
     *           what the caller is told instead
     */
    HttpResponse answer(Call call) throws Refusal, java.io.IOException, InterruptedException;
  }

  private static final String REST = "…}";

  /** The values of the segments in braces, where the path fits. */
  Optional<Map<String, String>> match(List<String> segments) {
    List<String> template = List.of(path.substring(1).split("/", -1));
    boolean takesRest = template.getLast().endsWith(REST);
    if (takesRest ? segments.size() < template.size() : segments.size() != template.size())
      return Optional.empty();
    Map<String, String> values = new LinkedHashMap<>();
    for (int i = 0; i < template.size(); i++) {
      String part = template.get(i);
      if (part.endsWith(REST))
        values.put(part.substring(1, part.length() - REST.length()),
            String.join("/", segments.subList(i, segments.size())));
      else if (part.startsWith("{"))
        values.put(part.substring(1, part.length() - 1), segments.get(i));
      else if (!part.equals(segments.get(i)))
        return Optional.empty();
    }
    boolean holes = segments.size() > 1 && segments.contains("");
    return holes || values.containsValue("") ? Optional.empty() : Optional.of(values);
  }
}
