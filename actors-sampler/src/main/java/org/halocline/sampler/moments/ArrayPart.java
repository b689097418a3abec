package org.halocline.sampler.moments;

/** The two files that a checkpoint has for each of a program's arrays. */
enum ArrayPart {
  SUM(".array-sum.npy"), SQUARE(".array-square.npy");

  private final String ending;

  ArrayPart(String ending) {
    this.ending = ending;
  }

  /** The file of an array. */
  String fileName(String array) {
    return array + ending;
  }

  boolean matches(String part) {
    return part.endsWith(ending);
  }

  String name(String part) {
    return part.substring(0, part.length() - ending.length());
  }
}
