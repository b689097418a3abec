package org.halocline.runtime.config;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** A value that passed its checks, or every problem that was found. Immutable when its value is. */
public sealed interface Checked<T> {

  record Valid<T>(T value) implements Checked<T> {}

  record Invalid<T>(List<Problem> problems) implements Checked<T> {
    public Invalid {
      problems = List.copyOf(problems);
      if (problems.isEmpty())
        throw new IllegalArgumentException("invalid, but without a problem");
    }
  }

  static <T> Checked<T> valid(T value) {
    return new Valid<>(value);
  }

  static <T> Checked<T> invalid(List<Problem> problems) {
    return new Invalid<>(problems);
  }

  static <T> Checked<T> invalid(Problem problem) {
    return new Invalid<>(List.of(problem));
  }

  /** Empty when valid. */
  default List<Problem> problems() {
    return switch (this) {
      case Valid<T> _ -> List.of();
      case Invalid<T>(List<Problem> found) -> found;
    };
  }

  default boolean isValid() {
    return this instanceof Valid<T>;
  }

  default Optional<T> toOptional() {
    return switch (this) {
      case Valid<T>(T value) -> Optional.of(value);
      case Invalid<T> _ -> Optional.empty();
    };
  }

  default <U> Checked<U> map(Function<? super T, ? extends U> change) {
    return then(value -> new Valid<>(change.apply(value)));
  }

  default <U> Checked<U> then(Function<? super T, Checked<U>> check) {
    return switch (this) {
      case Valid<T>(T value) -> check.apply(value);
      case Invalid<T>(List<Problem> found) -> new Invalid<>(found);
    };
  }

  /**
   * The value, where a problem cannot be reported as one.
   *
   * @throws BadInputException with every problem
   */
  default T orThrow() {
    return switch (this) {
      case Valid<T>(T value) -> value;
      case Invalid<T>(List<Problem> found) -> throw new BadInputException(found);
    };
  }
}
