package org.halocline.ops.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.halocline.runtime.config.Problem;

/** Answers in JSON, with dashed names. */
public final class Answers {
  private static final ObjectMapper JSON = ApiJson.mapper();

  private Answers() {}

  /** How records are written. */
  public static ObjectMapper mapper() {
    return JSON;
  }

  /** On one line. */
  public static String text(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a record that JSON cannot hold: " + value.getClass(), e);
    }
  }

  public static HttpResponse ok(Object value) {
    return of(200, value);
  }

  public static HttpResponse of(int status, Object value) {
    return HttpResponse.create().withStatus(status)
        .withEntity(HttpEntities.create(ContentTypes.APPLICATION_JSON, text(value)));
  }

  public static HttpResponse plain(int status, ContentType.NonBinary type, String text) {
    return HttpResponse.create().withStatus(status).withEntity(HttpEntities.create(type, text));
  }

  /** Nothing to say beside that it is done. */
  public static HttpResponse done() {
    return HttpResponse.create().withStatus(204);
  }

  static HttpResponse refused(Refusal refusal) {
    HttpResponse response = problems(refusal.status(), refusal.problems());
    return refusal.allowed().isEmpty()
        ? response
        : response.addHeader(RawHeader.create(Routes.ALLOW, refusal.allowed()));
  }

  /** What a refusal holds. */
  record Problems(List<Problem> problems) {}

  static HttpResponse problems(int status, List<Problem> problems) {
    HttpResponse response = of(status, new Problems(problems));
    return switch (status) {
      case Refusal.UNAUTHORIZED -> response.addHeader(RawHeader.create("WWW-Authenticate", "Bearer"));
      case Refusal.UNAVAILABLE -> response.addHeader(RawHeader.create("Retry-After", "2"));
      default -> response;
    };
  }
}
