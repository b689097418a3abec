package org.halocline.ops.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.halocline.ops.cli.ExitCode;
import org.halocline.ops.cli.Plain;
import org.halocline.ops.http.HttpSettings;
import org.halocline.runtime.config.Problem;
import org.halocline.runtime.state.StateDirectory;
import picocli.CommandLine.Option;

/** Which cluster to ask, and how to print what it says. */
public final class ClientOptions {
  private static final String TOKEN = "[\\x21-\\x7e]{1,512}";
  private static final String NAME_THE_FILE = "name the file token of the cluster's state directory";
  @Option(names = "--address", paramLabel = "URL", description = "Address of any node. Left out: HALOCLINE_ADDRESS, "
      + "or what the newest node has left in the state directory, or http://127.0.0.1:8420.")
  private Optional<String> address = Optional.empty();
  @Option(names = "--cluster", paramLabel = "NAME", description = "Name of the cluster, to find its token. Left "
      + "out: halocline.")
  private String cluster = "halocline";
  @Option(names = "--state", paramLabel = "DIR", description = "The cluster's state directory, to find its token.")
  private Optional<Path> state = Optional.empty();
  @Option(names = "--token-file", paramLabel = "FILE", description = "A file that holds the cluster's token, where "
      + "its state directory is not here. Left out: HALOCLINE_TOKEN, or that directory's.")
  private Optional<Path> tokenFile = Optional.empty();
  @Option(names = "--json", description = "Print JSON instead of text.")
  private boolean json;

  public boolean json() {
    return json;
  }

  /** What a command asks, or does, by a client. */
  public interface Question<T> {
    T of(ApiClient client) throws ApiException, IOException, InterruptedException;
  }

  /** Asks one thing and prints the answer, as it is or in words. */
  public int tell(Question<JsonNode> question, Function<JsonNode, String> words) throws InterruptedException {
    return ask(client -> {
      JsonNode answer = question.of(client);
      System.out.print(json ? Plain.text(answer + "\n") : words.apply(answer));
      return ExitCode.DONE;
    });
  }

  /** Does the work. Problems are printed, and become the exit code. */
  public int ask(Question<Integer> work) throws InterruptedException {
    Map<String, String> environment = System.getenv();
    Optional<String> named = address
        .or(() -> Optional.ofNullable(environment.get("HALOCLINE_ADDRESS")).filter(text -> !text.isBlank()));
    String url = named.or(() -> NodeAddresses.of(directory(environment)).newest())
        .orElse("http://127.0.0.1:" + HttpSettings.USUAL_PORT);
    try (ApiClient client = new ApiClient(url.contains("://") ? url : "http://" + url, token(environment),
        named.isPresent())) {
      return work.of(client);
    } catch (ApiException e) {
      complain(e);
      return e.exitCode();
    } catch (IOException e) {
      complain(new ApiException(ExitCode.FAILURE, Problem.of("disk", String.valueOf(e.getMessage()),
          "look at what is there")));
      return ExitCode.FAILURE;
    }
  }

  private Path directory(Map<String, String> environment) {
    return state.orElseGet(() -> StateDirectory.usual(cluster, environment));
  }

  private void complain(ApiException e) {
    if (json)
      System.out.println(Plain.text(ApiClient.JSON.createObjectNode().put("event", "refused")
          .put("exit-code", e.exitCode()).set("problems", ApiClient.JSON.valueToTree(e.problems())).toString()));
    else
      Plain.complain(e.problems());
  }

  private Optional<String> token(Map<String, String> environment) throws ApiException {
    String given = environment.getOrDefault("HALOCLINE_TOKEN", "").strip();
    if (tokenFile.isEmpty() && !given.isEmpty())
      return Optional.of(token(given, "HALOCLINE_TOKEN", "is no token",
          "give it what the file token of the state directory holds"));
    Path file = tokenFile.orElseGet(() -> directory(environment).resolve("token"));
    if (tokenFile.isEmpty() && !Files.exists(file))
      return Optional.empty();
    try {
      return Optional.of(token(Files.readString(file).strip(), file.toString(), "holds no token", NAME_THE_FILE));
    } catch (NoSuchFileException e) {
      throw new ApiException(ExitCode.BAD_INPUT,
          Problem.of(file.toString(), "does not exist", NAME_THE_FILE));
    } catch (IOException e) {
      throw new ApiException(ExitCode.NOT_ALLOWED,
          Problem.of(file.toString(), "cannot be read: " + e.getMessage(), "ask its owner"));
    }
  }

  private static String token(String text, String where, String wrong, String remedy) throws ApiException {
    if (!text.matches(TOKEN))
      throw new ApiException(ExitCode.BAD_INPUT, Problem.of(where, wrong, remedy));
    return text;
  }
}
