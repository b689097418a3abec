package org.halocline.cosmology.theta;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.StringJoiner;

/**
 * One point θ: names of parameters in an order, and their values. Gradients and Jacobian rows by θ follow that order.
 * Immutable. Any numbers are allowed, since a sampler may propose any; a {@link ParameterSpace} says where a model
 * makes sense.
 */
public final class Theta {
  private final List<String> names;
  private final double[] values;

  private Theta(List<String> names, double[] values) {
    this.names = names;
    this.values = values;
  }

  /** @throws IllegalArgumentException where a name comes twice, or there is not one value a name */
  public static Theta of(List<String> names, double... values) {
    if (names.size() != values.length || new HashSet<>(names).size() != values.length)
      throw new IllegalArgumentException(values.length + " values for the names " + names);
    return new Theta(List.copyOf(names), values.clone());
  }

  /** The usual value of each parameter. */
  public static Theta usual(List<Parameter> parameters) {
    return of(parameters.stream().map(Parameter::name).toList(),
        parameters.stream().mapToDouble(Parameter::usual).toArray());
  }

  public List<String> names() {
    return names;
  }

  public int size() {
    return values.length;
  }

  /**
   * Place of a name: index in gradients and Jacobian rows.
   *
   * @throws IllegalArgumentException where θ has no such name
   */
  public int index(String name) {
    int index = names.indexOf(name);
    if (index < 0)
      throw new IllegalArgumentException("no parameter " + name + " among " + names);
    return index;
  }

  /** @throws IllegalArgumentException where θ has no such name */
  public double value(String name) {
    return values[index(name)];
  }

  /**
   * This point with one value replaced.
   *
   * @throws IllegalArgumentException where θ has no such name
   */
  public Theta with(String name, double value) {
    double[] moved = values.clone();
    moved[index(name)] = value;
    return new Theta(names, moved);
  }

  /** This point and the parameters of another, which must have other names. */
  public Theta and(Theta other) {
    List<String> all = new ArrayList<>(names);
    all.addAll(other.names);
    double[] joined = Arrays.copyOf(values, all.size());
    System.arraycopy(other.values, 0, joined, values.length, other.values.length);
    return of(all, joined);
  }

  /** The values in the order of the names: a new array. */
  public double[] toArray() {
    return values.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Theta that && names.equals(that.names) && Arrays.equals(values, that.values);
  }

  @Override
  public int hashCode() {
    return 31 * names.hashCode() + Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    StringJoiner text = new StringJoiner(", ");
    for (int i = 0; i < values.length; i++)
      text.add(names.get(i) + " = " + values[i]);
    return text.toString();
  }
}
