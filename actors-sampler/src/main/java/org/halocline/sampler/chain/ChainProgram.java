package org.halocline.sampler.chain;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.halocline.cosmology.mesh.Block;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.cosmology.npy.NpyType;
import org.halocline.cosmology.npy.NpyWriter;
import org.halocline.domain.program.Collected;
import org.halocline.domain.program.RankCommand;
import org.halocline.domain.program.RankProgram;
import org.halocline.runtime.files.StorageException;
import org.halocline.runtime.run.PartDigest;
import org.halocline.sampler.kernel.PhasePoint;
import org.halocline.sampler.kernel.SamplerSettings;
import org.halocline.sampler.kernel.Transition;
import org.halocline.sampler.kernel.TransitionKernel;
import org.halocline.sampler.model.BlockGather;
import org.halocline.sampler.moments.ChainMoments;
import org.halocline.sampler.moments.Shard;
import org.halocline.sampler.ppl.LatentField;
import org.halocline.sampler.ppl.Model;
import org.halocline.sampler.ppl.Potential;
import org.halocline.sampler.tape.RankScope;

/** One rank of one chain of an inference: the state of the chain, and what its actor can ask of it. */
public final class ChainProgram implements RankProgram {
  private final RankScope scope;
  private final PhasePoint point;
  private final TransitionKernel kernel;
  private final ChainMoments moments;
  private final Map<Decomposition, BlockGather> gathers = new HashMap<>();
  private final Map<String, int[]> shapes;
  private final AutoCloseable resources;

  /**
   * Allocates everything and finds the program's sites, which runs it once.
   *
   * @param shapes of the program's arrays, by name, for their files; one not named is a list
   * @param resources closed with this program
   */
  public ChainProgram(Model model, RankScope scope, SamplerSettings sampler, long seed, int chain,
      Map<String, int[]> shapes, AutoCloseable resources) {
    this.scope = scope;
    this.point = new PhasePoint(Potential.of(model, scope), scope, seed, chain);
    this.kernel = sampler.kernel(point);
    this.moments = new ChainMoments(scope, point.fields());
    for (LatentField field : point.fields())
      gathers.computeIfAbsent(field.decomposition(),
          cut -> new BlockGather(cut, scope.rank(), scope.kernels(), scope.collectives().port()));
    this.shapes = Map.copyOf(shapes);
    this.resources = resources;
  }

  /** Bytes a site of a latent field that a sampler holds beside the model's own. */
  public static long bytesPerSite(SamplerSettings sampler) {
    return 4L * PhasePoint.floatsPerSite(sampler.copies()) + ChainMoments.bytesPerSite();
  }

  @Override
  public ChainReply run(RankCommand command) throws IOException {
    if (!(command instanceof ChainCommand known))
      throw new IllegalArgumentException("a chain does not know " + command);
    return switch (known) {
      case ChainCommand.Start(int attempt) -> start(attempt);
      case ChainCommand.StartFrom(Map<String, String> parts, double[] unconstrained) -> startFrom(parts, unconstrained);
      case ChainCommand.Restore restore -> restore(restore);
      case ChainCommand.Draw draw -> move(draw);
      case ChainCommand.Save(String directory) -> save(Path.of(directory));
    };
  }

  private ChainReply start(int attempt) {
    return started(point.start(attempt));
  }

  private ChainReply started(Optional<Transition> start) {
    return start.<ChainReply>map(at -> new ChainReply.Started(point.names(), at))
        .orElseGet(() -> new ChainReply.Outside(point.here().outside().orElseThrow()));
  }

  private ChainReply startFrom(Map<String, String> parts, double[] unconstrained) throws IOException {
    readFields(parts);
    return started(point.startAt(unconstrained));
  }

  /** @param parts files by name; those that are no shards of a field are left alone */
  private void readFields(Map<String, String> parts) throws IOException {
    for (LatentField field : point.fields()) {
      Block block = block(field);
      long cells = 0;
      for (Map.Entry<String, String> part : parts.entrySet())
        if (Shard.is(Shard.ofField(Shard.NOISE, field.number()), part.getKey()))
          cells += Shard.parse(part.getKey()).read(Path.of(part.getValue()), field.position(), block,
              scope.kernels().memory());
      if (cells != block.size())
        throw new IOException("the shards " + parts.values() + " hold " + cells + " of the " + block.size()
            + " cells of " + block);
    }
  }

  private Block block(LatentField field) {
    return field.decomposition().block(scope.rank());
  }

  private ChainReply move(ChainCommand.Draw command) throws IOException {
    Collected before = Collected.soFar();
    Transition transition = kernel.run(command.move());
    Collected collected = Collected.soFar().since(before);
    if (command.count())
      moments.add(point.here().arrays());
    if (!command.noiseDirectory().isEmpty())
      for (LatentField field : point.fields())
        writeField(field, Path.of(command.noiseDirectory())
            .resolve(Shard.ofField(Shard.NOISE, field.number()) + command.name()));
    if (!command.arraysDirectory().isEmpty())
      writeArrays(Path.of(command.arraysDirectory()), command.name());
    return new ChainReply.Moved(transition, collected);
  }

  private void writeField(LatentField field, Path file) throws IOException {
    Mesh mesh = field.decomposition().mesh();
    BlockGather gather = gathers.get(field.decomposition());
    BlockGather.Source source = (start, into, count) -> scope.kernels().memory().read(field.position(), start, into, 0,
        count);
    if (!scope.first()) {
      gather.gather(source, (_, _, _, _, _) -> {});
      return;
    }
    try (NpyWriter writer = NpyWriter.create(file, NpyType.FLOAT32, mesh.nx(), mesh.ny(), mesh.nz())) {
      gather.gather(source, (x, nx, y, ny, values) -> writer.writeBlock(new int[]{x, y, 0},
          new int[]{nx, ny, mesh.nz()}, values));
      writer.commit();
    } catch (IOException failed) {
      throw StorageException.of(file, "written", failed);
    }
  }

  private void writeArrays(Path directory, String name) throws StorageException {
    if (!scope.first())
      return;
    for (Map.Entry<String, double[]> array : point.here().arrays().entrySet()) {
      Path file = directory.resolve(array.getKey() + name);
      float[] values = new float[array.getValue().length];
      for (int i = 0; i < values.length; i++)
        values[i] = (float) array.getValue()[i];
      try {
        NpyWriter.write(file, values, shapes.getOrDefault(array.getKey(), new int[]{values.length}));
      } catch (IOException failed) {
        throw StorageException.of(file, "written", failed);
      }
    }
  }

  private ChainReply restore(ChainCommand.Restore command) throws IOException {
    Path directory = Path.of(command.directory());
    Map<String, String> files = new TreeMap<>();
    command.parts().forEach(part -> files.put(part, directory.resolve(part).toString()));
    readFields(files);
    moments.restore(directory, command.parts(), command.counted());
    return new ChainReply.Started(point.names(), point.restore(command.unconstrained()));
  }

  private ChainReply save(Path directory) throws IOException {
    List<String> names = new ArrayList<>();
    try {
      for (LatentField field : point.fields()) {
        names.add(Shard.of(Shard.ofField(Shard.NOISE, field.number()), block(field)).fileName());
        Shard.write(directory.resolve(names.getLast()), field.position(), block(field), scope.kernels().memory());
      }
      names.addAll(moments.save(directory));
    } catch (IOException failed) {
      throw StorageException.of(directory, "written", failed);
    }
    Map<String, PartDigest> digests = new TreeMap<>();
    for (String name : names)
      digests.put(name, PartDigest.seal(directory.resolve(name)));
    return new ChainReply.Saved(collect(names, digests));
  }

  /** The digests of all ranks on rank 0: every other rank has shards only, in the order of rank 0's. */
  private Map<String, PartDigest> collect(List<String> names, Map<String, PartDigest> digests) {
    List<Shard> shards = names.stream().filter(Shard::isOne).map(Shard::parse).toList();
    double[] own = new double[2 * shards.size()];
    for (int i = 0; i < shards.size(); i++) {
      own[2 * i] = digests.get(shards.get(i).fileName()).bytes();
      own[2 * i + 1] = digests.get(shards.get(i).fileName()).crc32c();
    }
    int[] lengths = new int[scope.decomposition().ranks()];
    java.util.Arrays.fill(lengths, own.length);
    double[][] all = own.length == 0 ? new double[0][] : scope.collectives().gather(own, lengths);
    for (int rank = 0; rank < all.length; rank++)
      for (int i = 0; i < shards.size(); i++) {
        Decomposition cut = point.fields().get(shards.get(i).number()).decomposition();
        Shard shard = Shard.of(shards.get(i).what(), cut.block(rank));
        digests.put(shard.fileName(), new PartDigest((long) all[rank][2 * i], (long) all[rank][2 * i + 1]));
      }
    return digests;
  }

  /** Makes the directory of drawn fields. */
  static void prepare(Path directory) throws StorageException {
    try {
      Files.createDirectories(directory);
    } catch (IOException failed) {
      throw StorageException.of(directory, "made", failed);
    }
  }

  @Override
  public void close() {
    try {
      resources.close();
    } catch (Exception failed) {
      throw new IllegalStateException("a chain's memory could not be freed", failed);
    }
  }
}
