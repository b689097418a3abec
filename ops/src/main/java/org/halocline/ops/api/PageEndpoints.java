package org.halocline.ops.api;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
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
  private static final List<String> FILES = List.of("index.html", "page.js", "views.js", "page.css", "icon.svg",
      "uplot-1.6.32.js", "uplot-1.6.32.css", "uplot-1.6.32.LICENSE");

  private static ContentType type(String file) {
    return switch (file.substring(file.lastIndexOf('.') + 1)) {
      case "html" -> ContentTypes.TEXT_HTML_UTF8;
      case "js" -> MediaTypes.APPLICATION_JAVASCRIPT.toContentType(HttpCharsets.UTF_8);
      case "css" -> MediaTypes.TEXT_CSS.toContentType(HttpCharsets.UTF_8);
      case "svg" -> MediaTypes.IMAGE_SVG_XML.toContentType();
      default -> ContentTypes.TEXT_PLAIN_UTF8;
    };
  }

  List<Endpoint> all() throws IOException {
    List<Endpoint> endpoints = new ArrayList<>();
    for (String file : FILES) {
      byte[] bytes = read(file);
      String tag = "\""
          + Digests.sha256(new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1)).substring(0, 16)
          + "\"";
      Endpoint.Handler handler = call -> (call.header("If-None-Match").filter(tag::equals).isPresent()
          ? HttpResponse.create().withStatus(304)
          : HttpResponse.create().withEntity(HttpEntities.create(type(file), bytes)))
          .addHeader(RawHeader.create("ETag", tag)).addHeader(RawHeader.create("Cache-Control", "no-cache"));
      endpoints.add(Endpoint.of("GET", "/" + file, Endpoint.Access.OPEN, "", handler));
      if (file.equals("index.html"))
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
