package org.halocline.ops.http;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializerBase;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.halocline.runtime.cluster.JobState;
import org.halocline.runtime.cluster.JobStatus.SourceProgress;
import org.halocline.runtime.config.Problem;
import org.halocline.runtime.config.Settings;
import org.halocline.runtime.config.StrictJson;
import org.halocline.runtime.job.Done;
import org.halocline.runtime.job.JobEvent;

/** Answers in JSON: dashed names, states in lower case, a {@code type} for events. */
public final class Answers {
  private static final ObjectMapper JSON = StrictJson.builder().addModule(new Jdk8Module())
      .addModule(new SimpleModule().addSerializer(new ToStringSerializerBase(JobState.class) {
        @Override
        public String valueToString(Object state) {
          return Settings.dashed((JobState) state);
        }
      }))
      .addMixIn(JobEvent.class, EventType.class)
      .registerSubtypes(Stream.of(JobEvent.class.getPermittedSubclasses())
          .map(kind -> new NamedType(kind, dashed(kind))).toArray(NamedType[]::new))
      .addMixIn(JobEvent.Progress.class, NumbersOnly.class).addMixIn(SourceProgress.class, Numbers.class)
      .propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
      .defaultPropertyInclusion(
          JsonInclude.Value.construct(JsonInclude.Include.NON_ABSENT, JsonInclude.Include.NON_ABSENT))
      .build();

  private Answers() {}

  public static ObjectMapper mapper() {
    return JSON;
  }

  public static String text(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a record that JSON cannot hold: " + value.getClass(), e);
    }
  }

  /** How the property {@code type} tells the kinds of a sealed type apart: already-finished. */
  static String dashed(Class<?> kind) {
    return new PropertyNamingStrategies.KebabCaseStrategy().translate(kind.getSimpleName());
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

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
  private interface EventType {}

  /** The numbers tell the same as {@code done}, by the names that programs read. */
  private interface NumbersOnly {
    @JsonIgnore
    Done done();
  }

  /** A part of a job is written as its numbers. */
  private interface Numbers extends NumbersOnly {
    @JsonAnyGetter
    Map<String, Double> numbers();
  }
}
