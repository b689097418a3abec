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
public record Theta(List<String> names, List<Double> values) {
  /** @throws IllegalArgumentException where a name comes twice, or there is not one value a name */
  public Theta {
    if (names.size() != values.size() || new HashSet<>(names).size() != names.size())
      throw new IllegalArgumentException(values.size() + " values for the names " + names);
    names = List.copyOf(names);
    values = List.copyOf(values);
  }

  /** As the constructor. */
  public static Theta of(List<String> names, double... values) {
    return new Theta(names, Arrays.stream(values).boxed().toList());
  }

  /** The usual value of each parameter. */
  public static Theta usual(List<Parameter> parameters) {
    return of(parameters.stream().map(Parameter::name).toList(),
        parameters.stream().mapToDouble(Parameter::usual).toArray());
  }

  public int size() {
    return names.size();
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
    return values.get(index(name));
  }

  /**
   * This point with one value replaced.
   *
   * @throws IllegalArgumentException where θ has no such name
   */
  public Theta with(String name, double value) {
    List<Double> moved = new ArrayList<>(values);
    moved.set(index(name), value);
    return new Theta(names, moved);
  }

  /** This point and the parameters of another, which must have other names. */
  public Theta and(Theta other) {
    List<String> all = new ArrayList<>(names);
    all.addAll(other.names);
    List<Double> joined = new ArrayList<>(values);
    joined.addAll(other.values);
    return new Theta(all, joined);
  }

  /** The values in the order of the names: a new array. */
  public double[] toArray() {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }

  @Override
  public String toString() {
    StringJoiner text = new StringJoiner(", ");
    for (int i = 0; i < names.size(); i++)
      text.add(names.get(i) + " = " + values.get(i));
    return text.toString();
  }
}
