package org.halocline.domain.program;

import com.typesafe.config.Config;

/** Makes the programs of one kind of job. Thread-safe: every rank of a node asks the same one. */
public interface RankProgramFactory {

  /** The job kind whose ranks these programs are. */
  String kind();

  /**
   * The programs of one rank. It waits for nothing and reads no file.
   *
   * @param job the resolved job
   */
  RankPrograms programs(Config job);
}
