package org.halocline.domain.program;

/**
 * What one rank of a domain runs for one chain. Made, run and closed on the chain's own virtual thread, which holds the
 * lane but for the waits inside its port; so it needs no locks. Commands come one at a time and in the same order on
 * every rank, so that exchanges match.
 */
public interface RankProgram extends AutoCloseable {

  /**
   * Runs one command to its end. An exception ends the domain on every rank; {@link BadJobException} says that the job
   * is to blame.
   */
  RankReply run(RankCommand command) throws Exception;

  @Override
  void close();
}
