package org.halocline.sampler.model;

import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.TreeMap;
import org.halocline.runtime.config.Settings;
import org.halocline.runtime.config.Suggestion;

/** The kinds of model on the class path. */
public final class ModelKinds {
  public static final String KEY = "model";

  private ModelKinds() {}

  /** Reads the model that a job means; empty where a problem was noted. */
  public static Optional<ModelPlan> read(Settings job, Reading reading) {
    return of(job).flatMap(kind -> kind.read(job, reading));
  }

  /** The model that a job means; empty where a problem was noted. */
  public static Optional<ModelKind> of(Settings job) {
    Map<String, ModelKind> kinds = new TreeMap<>();
    for (ModelKind kind : ServiceLoader.load(ModelKind.class))
      if (kinds.put(kind.name(), kind) != null)
        throw new IllegalStateException("two models are called " + kind.name());
    boolean block = job.isBlock(KEY);
    kinds.values().removeIf(kind -> kind.isNamed() == block);
    String names = String.join(", ", kinds.keySet());
    Optional<String> name = block ? Optional.empty() : job.text(KEY);
    Optional<ModelKind> kind = name.isPresent()
        ? Optional.ofNullable(kinds.get(name.get()))
        : kinds.values().stream().filter(one -> one.fits(job)).findFirst();
    if (!block)
      kind.ifPresent(one -> job.derive(KEY, one.name()));
    if (kind.isEmpty() && name.isPresent())
      job.refuse(KEY, "must be one of " + names,
          Suggestion.among(kinds.keySet(), name.get()).map(near -> "did you mean " + near + "?")
              .orElse("choose one of them, or write model { class = … } for a class of your own"));
    else if (kind.isEmpty() && job.problems().isEmpty())
      job.refuse(KEY, "is missing", "give one of " + names);
    return kind;
  }
}
