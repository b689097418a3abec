package org.halocline.sampler.chain;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.halocline.domain.program.Collected;
import org.halocline.domain.program.LaneUse;
import org.halocline.runtime.job.Done;
import org.halocline.runtime.job.JobEvent;
import org.halocline.sampler.kernel.ChainPolicy;
import org.halocline.sampler.kernel.PhasePoint;
import org.halocline.sampler.kernel.Transition;

/** Counts what a chain has done, for its lines, its checkpoints and its report. Owned by the chain's actor. */
final class ChainProgress {
  private static final long LINE_NS = 1_000_000_000L;
  private static final double MEMORY = 0.1;
  /** A message stays small. */
  private static final int MOST_VALUES = 32;

  private final ChainSettings settings;
  private final LongSupplier clockNs;
  private final long bornNs;
  private long lastLineNs;
  private long lastDrawNs;
  private double secondsADraw;
  private double recentAcceptance = Double.NaN;
  private double acceptance;
  private int sampled;
  private int divergences;
  private int warmUpDivergences;
  private long gradients;
  private Collected collected = Collected.NONE;
  private long checkpoints;
  private long checkpointNs;
  private long checkpointBytes;
  private Optional<String> lastDivergence = Optional.empty();
  private List<String> names = List.of();
  private double[] at = {};

  ChainProgress(ChainSettings settings, LongSupplier clockNs) {
    this.settings = settings;
    this.clockNs = clockNs;
    this.bornNs = clockNs.getAsLong();
    this.lastLineNs = bornNs - LINE_NS;
    this.lastDrawNs = bornNs;
  }

  void restore(ChainState state) {
    divergences = state.divergences();
    warmUpDivergences = state.warmUpDivergences();
    lastDivergence = Optional.of(state.lastDivergence()).filter(why -> !why.isEmpty());
    gradients = state.gradients();
    acceptance = state.acceptance();
    sampled = state.counted();
  }

  ChainState state(int next, double[] unconstrained, int counted, long rowBytes, ChainPolicy policy) {
    return new ChainState(next, unconstrained, counted, rowBytes, divergences, warmUpDivergences,
        lastDivergence.orElse(""), gradients, acceptance, settings.sampler().sampler(), policy.state());
  }

  /** Draws begin. @param parameters what the program calls its scalars */
  void began(List<String> parameters) {
    lastDrawNs = clockNs.getAsLong();
    names = List.copyOf(parameters.subList(0, Math.min(MOST_VALUES, parameters.size())));
  }

  void collected(Collected more) {
    collected = collected.plus(more);
  }

  void drawn(Transition transition, boolean sampling) {
    at = transition.constrained();
    gradients += transition.gradients();
    long now = clockNs.getAsLong();
    double seconds = (now - lastDrawNs) * 1e-9;
    lastDrawNs = now;
    secondsADraw = secondsADraw == 0 ? seconds : (1 - MEMORY) * secondsADraw + MEMORY * seconds;
    recentAcceptance = Double.isNaN(recentAcceptance)
        ? transition.acceptance()
        : (1 - MEMORY) * recentAcceptance + MEMORY * transition.acceptance();
    if (transition.divergent()) {
      lastDivergence = transition.divergence();
      divergences += sampling ? 1 : 0;
      warmUpDivergences += sampling ? 0 : 1;
    }
    if (sampling) {
      acceptance += transition.acceptance();
      sampled++;
    }
  }

  /** Before a draw from the prior is tried as a start. */
  Optional<ChainEvent> seeking(int attempt, String lastOutside) {
    long now = clockNs.getAsLong();
    if (now - lastLineNs < LINE_NS)
      return Optional.empty();
    lastLineNs = now;
    return Optional.of(news(0, -1,
        "seeking a start: draw " + (attempt + 1) + " of " + PhasePoint.ATTEMPTS + " from the prior"
            + (lastOutside.isEmpty() ? "" : "; the one before has no density: " + lastOutside),
        Map.of("of", (double) settings.total(), "start-draw", attempt + 1.0, "of-start-draws",
            (double) PhasePoint.ATTEMPTS)));
  }

  /** A line, unless the last one was told just now. */
  Optional<ChainEvent> line(int done, ChainPolicy policy) {
    long now = clockNs.getAsLong();
    if (now - lastLineNs < LINE_NS && done < settings.total())
      return Optional.empty();
    lastLineNs = now;
    double left = secondsADraw * (settings.total() - done);
    Map<String, Double> numbers = new TreeMap<>();
    numbers.put("draw", (double) done);
    numbers.put("of", (double) settings.total());
    numbers.put("acceptance", recentAcceptance);
    numbers.putAll(policy.numbers());
    numbers.put("divergences", (double) divergences);
    numbers.put("seconds-left", left);
    numbers.put("gradients", (double) gradients);
    numbers.put("warm-up", (double) settings.sampler().warmUp());
    for (int i = 0; i < Math.min(names.size(), at.length); i++)
      numbers.put("value." + names.get(i), at[i]);
    String line = String.format(Locale.ROOT, "%-8s %d of %d, acceptance %.2f, %s, %s, %s left",
        policy.phase(done - 1), done, settings.total(), recentAcceptance, policy.words(), divergencesInWords(),
        time(left));
    return Optional.of(news(done, left, line, numbers));
  }

  private ChainEvent news(int done, double secondsLeft, String line, Map<String, Double> numbers) {
    return new ChainEvent.News(settings.chain(), new JobEvent.Progress("chain " + settings.chain(),
        Done.ofChain(settings.chain(), done, settings.total(), secondsLeft), line, numbers));
  }

  /** A checkpoint is committed. */
  ChainEvent checkpointed(long tookNs, long bytes) {
    checkpoints++;
    checkpointNs += tookNs;
    checkpointBytes += bytes;
    return new ChainEvent.News(settings.chain(),
        new JobEvent.Checkpointed("chain " + settings.chain(), tookNs * 1e-6, bytes, tally().share()));
  }

  private CheckpointTally tally() {
    long wallNs = Math.max(1, clockNs.getAsLong() - bornNs);
    return new CheckpointTally(checkpoints, checkpointNs * 1e-9, checkpointBytes, (double) checkpointNs / wallNs);
  }

  private String divergencesInWords() {
    int shown = divergences + warmUpDivergences;
    return shown == 1 ? "1 divergence" : shown + " divergences";
  }

  private static String time(double seconds) {
    long whole = Math.round(seconds);
    if (whole >= 3600)
      return String.format(Locale.ROOT, "%d h %02d min", whole / 3600, whole % 3600 / 60);
    return whole >= 60 ? String.format(Locale.ROOT, "%d min %02d s", whole / 60, whole % 60) : whole + " s";
  }

  ChainEvent.ChainReport report(int draws, int counted, ChainPolicy policy, List<LaneUse> lanes) {
    return new ChainEvent.ChainReport(draws, counted, sampled == 0 ? Double.NaN : acceptance / sampled, policy.facts(),
        policy.doubt(), divergences, gradients, (clockNs.getAsLong() - bornNs) * 1e-9, lastDivergence, lanes, collected,
        tally());
  }
}
