package org.halocline.sampler.job;

import java.util.Map;
import org.halocline.domain.program.RankCommand;

/**
 * Run the job's kind once and write its results.
 *
 * @param files where to write each result, by its name: paths that rank 0 can write to
 */
record RunOnce(Map<String, String> files) implements RankCommand {}
