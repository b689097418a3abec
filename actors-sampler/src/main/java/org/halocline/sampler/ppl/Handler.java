package org.halocline.sampler.ppl;

/** Watches and changes the sites of a program that runs inside it. Used by one rank's thread. */
public interface Handler {

  /** Called from the innermost handler outwards, before the site has its final value. */
  void enter(Site site);

  /** Called from the outermost handler that saw the site inwards, when the site has its value. */
  default void leave(Site site) {}
}
