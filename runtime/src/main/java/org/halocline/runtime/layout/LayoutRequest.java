package org.halocline.runtime.layout;

import java.util.OptionalInt;

/** What a job asks of its layout; the planner chooses what is left open. */
public record LayoutRequest(OptionalInt domains, OptionalInt x, OptionalInt y) {

  public static LayoutRequest none() {
    return new LayoutRequest(OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty());
  }

  public boolean isEmpty() {
    return domains.isEmpty() && x.isEmpty() && y.isEmpty();
  }

  boolean allows(Layout layout) {
    return domains.orElse(layout.domains()) == layout.domains() && x.orElse(layout.x()) == layout.x()
        && y.orElse(layout.y()) == layout.y();
  }

  @Override
  public String toString() {
    return "layout { domains = " + text(domains) + ", x = " + text(x) + ", y = " + text(y) + " }";
  }

  private static String text(OptionalInt value) {
    return value.isPresent() ? Integer.toString(value.getAsInt()) : "any";
  }
}
