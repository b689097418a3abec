package org.halocline.ops.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.RequestEntity;
import org.apache.pekko.http.scaladsl.model.EntityStreamSizeException;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.halocline.ops.net.Listener;
import org.halocline.runtime.config.Problem;

/** A request that may be answered, with what its path says. Owned by the thread that answers it. */
public final class Call {
  private static final long READ_WITHIN_MS = 20_000;
  private static final long WORTH_DRAINING = 1 << 20;
  private static final JsonMapper JSON = JsonMapper.builder(com.fasterxml.jackson.core.JsonFactory.builder()
      .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(64).build()).build())
      .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
      .build();

  private final HttpRequest request;
  private final Map<String, String> segments;
  private final Map<String, String> query;
  private final Materializer materializer;
  private boolean consumed;

  Call(HttpRequest request, Map<String, String> segments, Map<String, String> query, Materializer materializer) {
    this.request = request;
    this.segments = segments;
    this.query = query;
    this.materializer = materializer;
  }

  /** A segment of the path, decoded. */
  public String segment(String name) {
    String value = segments.get(name);
    if (value == null)
      throw new IllegalArgumentException("the path has no {" + name + "}");
    return value;
  }

  public Optional<String> query(String name) {
    return Optional.ofNullable(query.get(name));
  }

  /** A whole number of the query or of a header, within its bounds. */
  public OptionalLong number(Parameter parameter) throws Refusal {
    return number(parameter, parameter.high());
  }

  /** The same, with a greatest number that only this call knows. */
  public OptionalLong number(Parameter parameter, long high) throws Refusal {
    Optional<String> text = parameter.in().equals("query") ? query(parameter.name()) : header(parameter.name());
    if (text.isEmpty())
      return OptionalLong.empty();
    try {
      long value = Long.parseLong(text.get());
      if (value >= parameter.low() && value <= high)
        return OptionalLong.of(value);
    } catch (NumberFormatException _) {
      // refused below
    }
    throw new Refusal(Refusal.BAD_REQUEST, new Problem(parameter.name(), shown(text.get()),
        "must be a whole number from " + parameter.low() + " to " + high, "choose a value within the bound"));
  }

  public Optional<String> header(String name) {
    return request.getHeader(name).map(HttpHeader::value);
  }

  /** Whether the caller wants a stream of events. */
  public boolean wantsEvents() {
    return header("Accept").orElse("").contains("text/event-stream");
  }

  /** The body as JSON. */
  public JsonNode json(int mostBytes) throws Refusal, InterruptedException {
    consumed = true;
    declaredWithin(mostBytes);
    try {
      ByteString bytes = request.entity().withSizeLimit(mostBytes).toStrict(READ_WITHIN_MS, materializer)
          .toCompletableFuture().get().getData();
      JsonNode read = JSON.readTree(bytes.toArrayUnsafe());
      if (read.isObject())
        return read;
      throw new Refusal(Refusal.BAD_REQUEST,
          Problem.of("body", "must be a JSON object", "send one, as openapi.json describes it"));
    } catch (ExecutionException e) {
      throw unread(e.getCause(), mostBytes);
    } catch (JsonProcessingException e) {
      throw new Refusal(Refusal.BAD_REQUEST,
          Problem.of("body", "is not JSON: " + e.getOriginalMessage(), "send JSON, in UTF-8"));
    } catch (java.io.IOException e) {
      throw new Refusal(Refusal.BAD_REQUEST, Problem.of("body", "cannot be read: " + e.getMessage(), "send it again"));
    }
  }

  /** The body as it comes; it fails where there is more than so much. */
  public Source<ByteString, ?> body(long mostBytes) throws Refusal {
    consumed = true;
    declaredWithin(mostBytes);
    return request.entity().withSizeLimit(mostBytes).getDataBytes();
  }

  /** What it means that a body could not be read to its end. */
  public static Refusal unread(Throwable cause, long mostBytes) {
    for (Throwable t = cause; t != null; t = t.getCause())
      if (t instanceof EntityStreamSizeException)
        return tooLarge("more", mostBytes);
    return new Refusal(Refusal.BAD_REQUEST,
        Problem.of("body", "did not come whole: " + cause.getMessage(), "send it again"));
  }

  private void declaredWithin(long mostBytes) throws Refusal {
    OptionalLong declared = request.entity().getContentLengthOption();
    if (declared.isPresent() && declared.getAsLong() > mostBytes) {
      consumed = false;
      throw tooLarge(declared.getAsLong() + " bytes", mostBytes);
    }
  }

  private static Refusal tooLarge(String bytes, long mostBytes) {
    return new Refusal(Refusal.TOO_LARGE,
        new Problem("body", bytes, "may have at most " + mostBytes + " bytes", "send less"));
  }

  public String method() {
    return request.method().value();
  }

  /** Path and query, as they came. */
  public String target() {
    return request.getUri().path() + request.getUri().rawQueryString().map(query -> "?" + query).orElse("");
  }

  /** The body as it comes, to be passed on. */
  public RequestEntity entity(long mostBytes) {
    consumed = true;
    return Listener.like(request.entity(), request.entity().withSizeLimit(mostBytes).getDataBytes());
  }

  /** For streams that an answer is made of. */
  public Materializer materializer() {
    return materializer;
  }

  HttpRequest request() {
    return request;
  }

  /** Reads what little is left of the body, so that the connection can go on; false where it must be closed. */
  boolean drain() {
    return consumed || drain(request, materializer);
  }

  static boolean drain(HttpRequest request, Materializer materializer) {
    OptionalLong declared = request.entity().getContentLengthOption();
    boolean little = declared.isPresent() && declared.getAsLong() <= WORTH_DRAINING;
    if (little)
      request.discardEntityBytes(materializer);
    else
      request.entity().getDataBytes().runWith(Sink.cancelled(), materializer);
    return little;
  }

  static String shown(String text) {
    String printable = text.codePoints().limit(80).filter(c -> !Character.isISOControl(c))
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString();
    return "\"" + printable + (text.length() > 80 ? "…" : "") + "\"";
  }
}
