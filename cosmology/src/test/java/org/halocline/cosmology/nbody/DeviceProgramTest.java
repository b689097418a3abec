package org.halocline.cosmology.nbody;

import org.halocline.cosmology.cuda.host.DeviceUnderTest;
import org.halocline.cosmology.mesh.Kernels;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;

/** The programs' own tests on the kernels of a GPU: the same accuracy, the same bits on every layout. */
abstract class DeviceProgramTest {
  abstract DeviceUnderTest device();

  @BeforeEach
  void needsItsDevice() {
    device().device();
  }

  @Nested
  class Reference extends ReferenceTest {
    @Override
    Kernels kernels() {
      return device().kernels();
    }
  }

  @Nested
  class MoreCases extends CasesTest {
    @Override
    Kernels kernels() {
      return device().kernels();
    }
  }

  @Nested
  class Layouts extends LayoutTest {
    @Override
    Kernels kernels() {
      return device().kernels();
    }
  }

  @Nested
  class Transposes extends TransposeTest {
    @Override
    Kernels kernels() {
      return device().kernels();
    }
  }

  @Nested
  class Limits extends LimitTest {
    @Override
    Kernels kernels() {
      return device().kernels();
    }
  }

  @Nested
  class Reverses extends ReverseTest {
    @Override
    Kernels kernels() {
      return device().kernels();
    }
  }

  @Nested
  class PowerSpectra extends PowerSpectrumTest {
    @Override
    Kernels kernels() {
      return device().kernels();
    }
  }
}
