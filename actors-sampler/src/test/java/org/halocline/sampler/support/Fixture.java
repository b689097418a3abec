package org.halocline.sampler.support;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** A row of a table among the tests' resources. */
public record Fixture(List<String> cells) {

  /** The rows below the header of {@code distribution/NAME.csv}. */
  public static List<Fixture> rows(String name) {
    try (InputStream in = Fixture.class.getResourceAsStream("/distribution/" + name + ".csv")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().skip(1)
          .map(line -> new Fixture(List.of(line.split(",", -1)))).toList();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  public String text(int cell) {
    return cells.get(cell);
  }

  public double number(int cell) {
    return Double.parseDouble(text(cell));
  }

  /** Numbers with spaces between them. */
  public double[] numbers(int cell) {
    return Arrays.stream(text(cell).split(" ")).mapToDouble(Double::parseDouble).toArray();
  }

  @Override
  public String toString() {
    return String.join(",", cells);
  }
}
