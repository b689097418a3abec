package org.halocline.ops.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.stream.IOResult;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.javadsl.StreamConverters;
import org.apache.pekko.util.ByteString;
import org.halocline.ops.http.Answers;
import org.halocline.ops.http.Call;
import org.halocline.ops.http.Endpoint;
import org.halocline.ops.http.Parameter;
import org.halocline.ops.http.Refusal;
import org.halocline.runtime.cluster.JobStatus;
import org.halocline.runtime.config.Problem;

/**
 * The files of a job's run directory, as this node sees it. Nothing outside of it can be had, by no name and no link,
 * nor what the run keeps for itself.
 */
record FileEndpoints(NodeApi api) {
  private static final String FILES = NodeApi.ROOT + "/jobs/{id}/files";
  private static final Set<String> OWN = Set.of("lock", "incarnations", "checkpoints");
  private static final Parameter FROM = Parameter.query("from", 0, Long.MAX_VALUE,
      "First byte wanted, at most the length of the file.");
  private static final int DEPTH = 8;
  private static final int MOST_FILES = 10_000;

  /** @param name within the run directory */
  record RunFile(String name, long bytes, long modifiedEpochMillis) {}

  List<Endpoint> all() {
    return List.of(
        api.proxy().endpoint("GET", FILES, Endpoint.Access.READ, "Files of the run directory.", this::list)
            .answers(200, RunFiles.class).refuses(Refusal.NOT_FOUND),
        api.proxy()
            .endpoint("GET", FILES + "/{name…}", Endpoint.Access.READ,
                "A file, as long as it is now. Its name may have slashes.", this::file)
            .takes(FROM).answers(200, Endpoint.BYTES, byte[].class).answers(200, Endpoint.TEXT, String.class)
            .answers(200, ObjectNode.class).refuses(Refusal.NOT_FOUND));
  }

  private record RunFiles(List<RunFile> files) {}

  private HttpResponse list(Call call) throws Refusal, InterruptedException, IOException {
    return Answers.ok(new RunFiles(files(directory(api, call.segment("id")))));
  }

  /** A file from a byte on, {@code from}, as long as it is now. */
  private HttpResponse file(Call call) throws Refusal, InterruptedException, IOException {
    Path directory = directory(api, call.segment("id"));
    String name = call.segment("name");
    FilePart part = FilePart.open(resolve(directory, name));
    long left;
    try {
      left = part.skipTo(call.number(FROM, part.size()).orElse(0));
    } catch (Refusal | IOException e) {
      part.close();
      throw e;
    }
    ContentType type = name.matches(".*\\.(log|txt|csv|conf)")
        ? ContentTypes.TEXT_PLAIN_UTF8
        : name.endsWith(".json") ? ContentTypes.APPLICATION_JSON : ContentTypes.APPLICATION_OCTET_STREAM;
    HttpResponse response = HttpResponse.create().addHeader(RawHeader.create("Content-Disposition", "attachment"));
    if (left == 0) { // a stream of a known length is of one byte at least
      part.close();
      return response.withEntity(HttpEntities.create(type, ByteString.emptyByteString()));
    }
    Source<ByteString, CompletionStage<IOResult>> bytes = StreamConverters.fromInputStream(() -> part);
    return response.withEntity(HttpEntities.create(type, left, bytes));
  }

  /** The run directory of a job, where this node sees it. */
  static Path directory(NodeApi api, String id) throws Refusal, InterruptedException, IOException {
    JobStatus job = api.job(id);
    Path directory = Path.of(job.runDirectory());
    boolean there = !job.runDirectory().isEmpty() && Files.isDirectory(directory);
    if (!there && job.incarnation() == 0)
      throw new Refusal(Refusal.NOT_FOUND, new Problem("run-directory", job.runDirectory(),
          "is not there yet: the job has not started", "ask again when it runs"));
    if (!there)
      throw new Proxy.Unseen(Refusal.NOT_FOUND, new Problem("run-directory", job.runDirectory(),
          "cannot be seen by this node, nor by one that it can ask",
          "ask a node that shares its disk: halocline nodes"));
    return directory.toRealPath();
  }

  static Path resolve(Path directory, String name) throws Refusal, IOException {
    Refusal missing = new Refusal(Refusal.NOT_FOUND,
        new Problem("file", name, "is not among the results of this job", "see the list: halocline fetch --list"));
    Path relative = directory.getFileSystem().getPath(name);
    if (relative.isAbsolute())
      throw missing;
    for (Path part : relative)
      if (part.toString().startsWith(".") || part.toString().isEmpty())
        throw missing;
    if (OWN.contains(relative.getName(0).toString()))
      throw missing;
    try {
      Path file = directory.resolve(relative).toRealPath();
      if (file.startsWith(directory) && Files.isRegularFile(file))
        return file;
    } catch (NoSuchFileException | java.nio.file.NotDirectoryException _) {
      // told below
    } catch (java.nio.file.FileSystemException e) {
      if (Files.exists(directory.resolve(relative)))
        throw e;
    }
    throw missing;
  }

  static List<RunFile> files(Path directory) throws IOException {
    List<RunFile> files = new ArrayList<>();
    Files.walkFileTree(directory, Set.of(), DEPTH,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            boolean own = !folder.equals(directory) && hidden(folder);
            return own ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile() && !hidden(file))
              files.add(new RunFile(directory.relativize(file).toString(), attributes.size(),
                  attributes.lastModifiedTime().toMillis()));
            return files.size() < MOST_FILES ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
          }

          /** A run goes on meanwhile: files come and go. */
          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) {
            return FileVisitResult.CONTINUE;
          }

          private boolean hidden(Path path) {
            String name = path.getFileName().toString();
            return name.startsWith(".") || OWN.contains(directory.relativize(path).toString());
          }
        });
    files.sort(Comparator.comparing(RunFile::name));
    return files;
  }
}
