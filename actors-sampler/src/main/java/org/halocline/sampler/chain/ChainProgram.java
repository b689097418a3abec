package org.halocline.sampler.chain;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.halocline.cosmology.mesh.Block;
import org.halocline.cosmology.mesh.Decomposition;
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
import org.halocline.sampler.model.Results;
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
  private final Function<Decomposition, BlockGather> gathers;
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
    this.gathers = BlockGather.perGrid(scope);
    point.fields().forEach(field -> gathers.apply(field.decomposition()));
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
      case ChainCommand.Start(int attempt) -> started(point.start(attempt));
      case ChainCommand.StartFrom(Map<String, String> parts, double[] unconstrained) -> startFrom(parts, unconstrained);
      case ChainCommand.Restore restore -> restore(restore);
      case ChainCommand.Draw draw -> move(draw);
      case ChainCommand.Save(String directory) -> save(Path.of(directory));
    };
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
          cells += Shard.find(part.getKey()).orElseThrow().read(Path.of(part.getValue()), field.position(), block,
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
    if (command.noise() || command.arrays())
      write(command, Path.of(command.directory()));
    return new ChainReply.Moved(transition, collected);
  }

  private void write(ChainCommand.Draw command, Path directory) throws IOException {
    try (Results results = new Results(scope, gathers, directory::resolve, directory)) {
      if (command.noise())
        for (LatentField field : point.fields())
          results.field(Shard.ofField(Shard.NOISE, field.number()) + command.name(), field.decomposition(),
              field.position());
      if (command.arrays())
        for (Map.Entry<String, double[]> array : point.here().arrays().entrySet())
          results.array(array.getKey() + command.name(), array.getValue(),
              shapes.getOrDefault(array.getKey(), new int[]{array.getValue().length}));
      results.commit();
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
    return new ChainReply.Saved(digests);
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
