package org.halocline.ops.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.halocline.ops.cli.ExitCode;
import org.halocline.ops.cli.Plain;
import org.halocline.ops.cli.TextTable;
import org.halocline.runtime.config.FilePath;
import org.halocline.runtime.config.Problem;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Brings a job's results here, each file whole or not at all. */
@Command(name = "fetch", mixinStandardHelpOptions = true, description = "Brings the files of a job here.")
public final class FetchCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "JOB", description = "Id of the job.")
  private String job;
  @Parameters(index = "1..*", paramLabel = "FILE", description = "Names of files. Left out: all.")
  private List<String> names = List.of();
  @Option(names = "--output", paramLabel = "DIR", description = "Where to. Left out: a folder with the job's id.")
  private Optional<Path> output = Optional.empty();
  @Option(names = "--list", description = "Only list them.")
  private boolean list;
  @Mixin
  private ClientOptions options;

  @Override
  public Integer call() throws InterruptedException {
    return options.ask(this::fetch);
  }

  private int fetch(ApiClient client) throws ApiException, IOException, InterruptedException {
    String path = "/jobs/" + ApiClient.encoded(job) + "/files";
    JsonNode answer = client.get(path);
    Set<String> wanted = Set.copyOf(names);
    List<JsonNode> files = new ArrayList<>();
    answer.path("files").forEach(file -> {
      if (wanted.isEmpty() || wanted.contains(file.path("name").asText()))
        files.add(file);
    });
    requireAll(wanted, files);
    if (list) {
      TextTable table = new TextTable("FILE", "BYTES");
      files.forEach(file -> table.row(file.path("name").asText(), file.path("bytes").asText()));
      System.out.print(options.json() ? Plain.text(answer + "\n") : table.toString());
      return ExitCode.DONE;
    }
    Path folder = FilePath.absolute(output.orElse(Path.of(job)));
    for (JsonNode file : files) {
      String name = file.path("name").asText();
      Path to = folder.resolve(name).normalize();
      boolean hidden = false;
      for (Path part : Path.of(name))
        hidden |= part.toString().startsWith(".");
      if (hidden || !to.startsWith(folder) || to.equals(folder))
        throw new ApiException(ExitCode.FAILURE,
            new Problem("file", name, "is no name of a result", "do not trust this node"));
      download(client,
          path + "/" + Arrays.stream(name.split("/")).map(ApiClient::encoded).collect(Collectors.joining("/")),
          to);
      if (!options.json())
        System.out.println(Plain.line(to.toString()));
    }
    if (options.json())
      System.out.println(Plain.text(ApiClient.JSON.createObjectNode().put("output", folder.toString()).set("files",
          ApiClient.JSON.valueToTree(files)).toString()));
    return ExitCode.DONE;
  }

  /** What a cut connection or a signal leaves behind is no result. */
  private static void download(ApiClient client, String path, Path to)
      throws ApiException, IOException, InterruptedException {
    Files.createDirectories(to.getParent());
    Path aside = to.resolveSibling(".fetch-" + ProcessHandle.current().pid() + "-" + System.nanoTime());
    aside.toFile().deleteOnExit();
    try (InputStream body = client.stream(path, "*/*", Optional.empty());
        OutputStream out = Files.newOutputStream(aside, StandardOpenOption.CREATE_NEW)) {
      byte[] part = new byte[1 << 16];
      for (int read = next(client, body, part); read >= 0; read = next(client, body, part))
        out.write(part, 0, read);
      out.close();
      Files.move(aside, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(aside);
    }
  }

  private static int next(ApiClient client, InputStream body, byte[] part) throws ApiException {
    try {
      return body.read(part);
    } catch (IOException e) {
      throw new ApiException(ExitCode.NO_ANSWER, new Problem("--address", client.address(),
          "has not sent all of it: " + e.getMessage(), "fetch it again, from another node if this one is gone"));
    }
  }

  private void requireAll(Set<String> wanted, List<JsonNode> files) throws ApiException {
    List<Problem> missing = wanted.stream().sorted()
        .filter(name -> files.stream().noneMatch(file -> file.path("name").asText().equals(name)))
        .map(name -> new Problem("file", name, "is not among the results of " + job, "see --list")).toList();
    if (!missing.isEmpty())
      throw new ApiException(ExitCode.NOT_FOUND, missing);
  }
}
