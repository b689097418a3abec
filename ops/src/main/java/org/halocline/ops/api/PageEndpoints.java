package org.halocline.ops.api;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpCharsets;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.halocline.ops.http.Endpoint;
import org.halocline.runtime.job.Digests;

/** The page: files that lie in the jar, and no others. */
final class PageEndpoints {
  private static final ContentType SCRIPT = MediaTypes.APPLICATION_JAVASCRIPT.toContentType(HttpCharsets.UTF_8);
  private static final ContentType STYLE = MediaTypes.TEXT_CSS.toContentType(HttpCharsets.UTF_8);
  private static final ContentType IMAGE = MediaTypes.IMAGE_SVG_XML.toContentType();
  private static final Map<String, ContentType> FILES = new LinkedHashMap<>();

  static {
    FILES.put("index.html", ContentTypes.TEXT_HTML_UTF8);
    FILES.put("page.js", SCRIPT);
    FILES.put("views.js", SCRIPT);
    FILES.put("page.css", STYLE);
    FILES.put("icon.svg", IMAGE);
    FILES.put("uplot-1.6.32.js", SCRIPT);
    FILES.put("uplot-1.6.32.css", STYLE);
    FILES.put("uplot-1.6.32.LICENSE", ContentTypes.TEXT_PLAIN_UTF8);
  }

  List<Endpoint> all() throws IOException {
    List<Endpoint> endpoints = new ArrayList<>();
    for (Map.Entry<String, ContentType> file : FILES.entrySet()) {
      byte[] bytes = read(file.getKey());
      String tag = "\""
          + Digests.sha256(new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1)).substring(0, 16)
          + "\"";
      Endpoint.Handler handler = call -> (call.header("If-None-Match").filter(tag::equals).isPresent()
          ? HttpResponse.create().withStatus(304)
          : HttpResponse.create().withEntity(HttpEntities.create(file.getValue(), bytes)))
          .addHeader(RawHeader.create("ETag", tag)).addHeader(RawHeader.create("Cache-Control", "no-cache"));
      endpoints.add(Endpoint.of("GET", "/" + file.getKey(), Endpoint.Access.OPEN, "", handler));
      if (file.getKey().equals("index.html"))
        endpoints.add(Endpoint.of("GET", "/", Endpoint.Access.OPEN, "", handler));
    }
    return endpoints;
  }

  private static byte[] read(String name) throws IOException {
    try (InputStream in = PageEndpoints.class.getResourceAsStream("page/" + name)) {
      if (in == null)
        throw new IOException("the page's " + name + " is missing from Halocline's own jar");
      return in.readAllBytes();
    }
  }
}
