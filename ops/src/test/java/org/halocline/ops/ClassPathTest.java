package org.halocline.ops;

import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What libraries bring along and nothing here uses stays out of the launcher's class path, and so out of this one. */
@Timeout(60)
class ClassPathTest {

  @ParameterizedTest
  @ValueSource(strings = {"org.junit.Assert", "org.hamcrest.Matcher", "org.lmdbjava.Env", "jnr.ffi.Runtime",
      "org.objectweb.asm.ClassReader"})
  void shouldLackWhatNothingUses(String type) {
    assertThrows(ClassNotFoundException.class, () -> Class.forName(type));
  }
}
