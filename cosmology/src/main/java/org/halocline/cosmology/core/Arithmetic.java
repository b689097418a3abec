package org.halocline.cosmology.core;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import org.halocline.cosmology.core.lines.ParticleLines;
import org.halocline.cosmology.core.lines.ScalarParticleLines;
import org.halocline.cosmology.core.lines.VectorModule;
import org.halocline.cosmology.core.lines.VectorParticleLines;
import org.halocline.cosmology.core.pointwise.PointwiseLines;
import org.halocline.cosmology.core.pointwise.ScalarPointwiseLines;
import org.halocline.cosmology.core.pointwise.VectorPointwiseLines;
import org.halocline.cosmology.fft.JTransformsLines;
import org.halocline.cosmology.fft.LineTransforms;
import org.halocline.cosmology.fft.vector.VectorLines;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which line transforms a core's kernels use: those of the Vector API where its module is there and the machine has
 * vectors of 256 bits and fused multiply-adds, otherwise JTransforms. Resolved once per JVM. The numbers of the two
 * differ in their last bits, so a run goes on only under the arithmetic it began with. The system property
 * {@value #PROPERTY} forces one.
 *
 * @param lines which
 * @param reason why, for people
 */
public record Arithmetic(Lines lines, String reason) {
  /** {@code vector}, {@code jtransforms}, or {@code later} in a JVM that plans for another and computes nothing. */
  public static final String PROPERTY = "halocline.fft";

  private static final int LEAST_BITS = 256;
  private static volatile Arithmetic resolved;

  /** The implementations of line transforms. */
  public enum Lines {
    VECTOR("vector", "core/vector-fft-1"), JTRANSFORMS("jtransforms", "core/jtransforms"), LATER("later", "");

    private final String property;
    private final String arithmetic;

    Lines(String property, String arithmetic) {
      this.property = property;
      this.arithmetic = arithmetic;
    }
  }

  /**
   * This JVM's.
   *
   * @throws IllegalStateException if the system property names something that there is not
   */
  public static synchronized Arithmetic resolved() {
    if (resolved == null) {
      resolved = resolve(System.getProperty(PROPERTY, ""));
      resolved.log();
    }
    return resolved;
  }

  private void log() {
    Logger logger = LoggerFactory.getLogger(Arithmetic.class);
    if (lines == Lines.JTRANSFORMS && System.getProperty(PROPERTY, "").isEmpty())
      logger.warn("transforms through JTransforms, four times slower: {}", reason);
    else
      logger.info("transforms through {}", reason);
  }

  /** Names the numbers, as a run's manifest does; empty where they are {@link Lines#LATER} made by another JVM. */
  public String name() {
    return lines.arithmetic;
  }

  /** New transforms for one lane. */
  LineTransforms transforms() {
    LineTransforms portable = new JTransformsLines();
    return switch (lines) {
      case VECTOR -> new VectorLines(portable);
      case JTRANSFORMS -> portable;
      case LATER -> throw computesNothing();
    };
  }

  private IllegalStateException computesNothing() {
    return new IllegalStateException(PROPERTY + "=" + lines.property + ": this JVM computes nothing");
  }

  /** New arithmetic of particles for one lane: the same numbers either way. */
  ParticleLines particles() {
    return switch (lines) {
      case VECTOR -> new VectorParticleLines();
      case JTRANSFORMS -> new ScalarParticleLines();
      case LATER -> throw computesNothing();
    };
  }

  /** New functions of elements for one lane: the same numbers either way. */
  PointwiseLines pointwise() {
    return switch (lines) {
      case VECTOR -> new VectorPointwiseLines();
      case JTRANSFORMS -> new ScalarPointwiseLines();
      case LATER -> throw computesNothing();
    };
  }

  static Arithmetic resolve(String forced) {
    return forced.isEmpty() ? best() : named(forced);
  }

  private static Arithmetic named(String forced) {
    for (Lines lines : Lines.values()) {
      if (!lines.property.equals(forced))
        continue;
      if (lines == Lines.VECTOR && !VectorModule.present())
        throw new IllegalStateException(PROPERTY + "=" + forced + " needs the module " + VectorModule.NAME
            + ": start the JVM with " + VectorModule.FLAG + " or leave the property out");
      return new Arithmetic(lines, PROPERTY + "=" + forced);
    }
    throw new IllegalStateException(PROPERTY + "=" + forced + " is neither " + Lines.VECTOR.property + " nor "
        + Lines.JTRANSFORMS.property);
  }

  private static Arithmetic best() {
    if (!VectorModule.present())
      return new Arithmetic(Lines.JTRANSFORMS, VectorModule.FLAG + " is missing; start through ./halocline");
    int bits = VectorLines.bits();
    if (bits < LEAST_BITS)
      return new Arithmetic(Lines.JTRANSFORMS, "vectors have " + bits + " bits here, " + LEAST_BITS + " are needed");
    if (!fusedMultiplyAdd())
      return new Arithmetic(Lines.JTRANSFORMS, "fused multiply-adds are missing here (-XX:+UseFMA)");
    return new Arithmetic(Lines.VECTOR, VectorModule.NAME + ", " + bits + " bits");
  }

  /** Without it a fused multiply-add is done in software, a thousand times slower. */
  private static boolean fusedMultiplyAdd() {
    HotSpotDiagnosticMXBean options = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    return options != null && Boolean.parseBoolean(options.getVMOption("UseFMA").getValue());
  }
}
