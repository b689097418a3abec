package org.halocline.domain.program;

import org.halocline.runtime.WireMessage;

/**
 * How far a chain is, told while a command runs.
 *
 * @param line for people
 * @param done units of work that are done
 * @param of units of work in all
 */
public record RankProgress(int chain, int rank, String line, int done, int of) implements WireMessage {}
