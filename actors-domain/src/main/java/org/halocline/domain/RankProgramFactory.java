package org.halocline.domain;

/** Makes the programs of one kind of job. Thread-safe: every chain of every rank of a node asks the same one. */
public interface RankProgramFactory {

  /** The job kind whose ranks these programs are. */
  String kind();

  /** Plans and allocates everything the chain needs on this rank. */
  RankProgram create(RankContext context) throws Exception;
}
