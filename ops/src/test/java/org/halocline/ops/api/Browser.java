package org.halocline.ops.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A real browser without a window, driven through its DevTools protocol. What its console complains of is kept. */
final class Browser implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> NAMES = List.of("chromium-headless-shell", "chromium", "chromium-browser",
      "google-chrome");
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final Process process;
  private final HttpClient client = HttpClient.newHttpClient();
  private final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
  private final List<String> complaints = new CopyOnWriteArrayList<>();
  private final AtomicInteger number = new AtomicInteger();
  private WebSocket socket;
  private String session = "";

  private Browser(Process process) {
    this.process = process;
  }

  /** Where one is, if one is. */
  static Optional<Path> installed() {
    return NAMES.stream().flatMap(name -> Stream.of("/usr/bin", "/usr/local/bin").map(folder -> Path.of(folder, name)))
        .filter(Files::isExecutable).findFirst();
  }

  static Browser start(Path profile) throws Exception {
    Path out = profile.resolve("browser.log");
    Process process = new ProcessBuilder(installed().orElseThrow().toString(), "--headless", "--no-sandbox",
        "--disable-gpu", "--disable-dev-shm-usage", "--remote-debugging-port=0", "--user-data-dir=" + profile,
        "--no-first-run", "--disable-background-networking", "--disable-component-update", "--hide-scrollbars",
        "--window-size=1440,1100", "about:blank").redirectErrorStream(true).redirectOutput(out.toFile()).start();
    Browser browser = new Browser(process);
    try {
      browser.connect(out);
      return browser;
    } catch (Exception e) {
      browser.close();
      throw e;
    }
  }

  private void connect(Path out) throws Exception {
    String mark = "DevTools listening on ";
    String address = Waiting.until(PATIENCE, "the browser listens",
        () -> Files.readString(out).lines().filter(line -> line.contains(mark)).findFirst()
            .map(line -> line.substring(line.indexOf(mark) + mark.length()).strip()));
    socket = client.newWebSocketBuilder().buildAsync(URI.create(address), new Listener()).get(PATIENCE.toSeconds(),
        TimeUnit.SECONDS);
    String target = call("Target.createTarget", Map.of("url", "about:blank")).get("targetId").asText();
    session = call("Target.attachToTarget", Map.of("targetId", target, "flatten", true)).get("sessionId").asText();
    for (String domain : List.of("Page", "Runtime", "Log", "Network"))
      call(domain + ".enable", Map.of());
  }

  private JsonNode call(String method, Map<String, ?> parameters) throws Exception {
    int id = number.incrementAndGet();
    ObjectNode message = JSON.createObjectNode().put("id", id).put("method", method);
    message.set("params", JSON.valueToTree(parameters));
    if (!session.isEmpty())
      message.put("sessionId", session);
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    answers.put(id, answer);
    socket.sendText(message.toString(), true).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    JsonNode told = answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    if (told.has("error"))
      throw new IOException(method + ": " + told.get("error"));
    return told.get("result");
  }

  void open(String url) throws Exception {
    call("Page.navigate", Map.of("url", url));
  }

  void size(int width, int height, boolean dark) throws Exception {
    call("Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    call("Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
  }

  /** What an expression of the page comes to. */
  JsonNode evaluate(String expression) throws Exception {
    JsonNode told = call("Runtime.evaluate",
        Map.of("expression", expression, "returnByValue", true, "awaitPromise", true));
    if (told.has("exceptionDetails"))
      throw new IOException(expression + ": " + told.get("exceptionDetails"));
    return told.get("result").path("value");
  }

  /** Waits until an expression of the page is true. */
  void await(String expression) throws Exception {
    String guarded = "(() => { try { return Boolean(" + expression + ") } catch { return false } })()";
    Waiting.until(PATIENCE, expression, () -> evaluate(guarded).asBoolean() ? Optional.of(true) : Optional.empty());
  }

  void press(String key, int code) throws Exception {
    for (String type : List.of("keyDown", "keyUp"))
      call("Input.dispatchKeyEvent",
          Map.of("type", type, "key", key, "code", key, "windowsVirtualKeyCode", code, "text",
              type.equals("keyDown") && key.equals("Enter") ? "\r" : ""));
  }

  void type(String text) throws Exception {
    call("Input.insertText", Map.of("text", text));
  }

  /** The page from top to bottom. */
  void screenshot(Path file) throws Exception {
    Files.createDirectories(file.getParent());
    String data = call("Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", true)).get("data")
        .asText();
    Files.write(file, Base64.getDecoder().decode(data));
  }

  /** Errors of scripts, refused resources, violated policies. */
  List<String> complaints() {
    return List.copyOf(complaints);
  }

  @Override
  public void close() throws Exception {
    if (socket != null)
      socket.abort();
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly().waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    client.close();
  }

  private final class Listener implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        try {
          heard(JSON.readTree(text.toString()));
        } catch (IOException e) {
          complaints.add("the browser does not speak JSON: " + e.getMessage());
        }
        text.setLength(0);
      }
      from.request(1);
      return null;
    }

    private void heard(JsonNode message) {
      if (message.has("id")) {
        Optional.ofNullable(answers.remove(message.get("id").asInt())).ifPresent(answer -> answer.complete(message));
        return;
      }
      JsonNode parameters = message.path("params");
      switch (message.path("method").asText()) {
        case "Runtime.exceptionThrown" -> complaints.add(parameters.path("exceptionDetails").toString());
        case "Runtime.consoleAPICalled" -> {
          if (List.of("error", "warning", "assert").contains(parameters.path("type").asText()))
            complaints.add(parameters.path("args").toString());
        }
        case "Log.entryAdded" -> {
          if (parameters.path("entry").path("level").asText().equals("error"))
            complaints.add(parameters.path("entry").path("text").asText() + " "
                + parameters.path("entry").path("url").asText());
        }
        default -> {
        }
      }
    }
  }
}
