package org.halocline.cosmology.cuda.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * NVIDIA's own libraries, which load and tell their versions without a GPU. They are large, so this runs only where
 * {@value #FOLDER} names the folder into which src/test/cuda/install-libraries has put them: mvn -Pcuda-libraries.
 */
@Timeout(300)
class CufftLibrariesTest {
  private static final String FOLDER = "halocline.test.cuda-libraries";

  @ParameterizedTest
  @CsvSource({"cufft/lib/libcufft.so.10, 10.9.0", "cufft/lib/libcufft.so.11, 11.4.1",
      "cu13/lib/libcufft.so.12, 12.5.0"})
  void shouldBindAndTellItsVersion(String file, String version) throws UnavailableException {
    String folder = System.getProperty(FOLDER, "");
    assumeFalse(folder.isEmpty(), "no " + FOLDER);
    Path library = Path.of(folder, "nvidia", file);
    assertTrue(Files.exists(library), () -> library + " is missing: run src/test/cuda/install-libraries");
    CufftSearch.Found found = new CufftSearch(Map.of(CufftSearch.PROPERTY, library.toString()), Map.of(), 13000).find();
    System.out.println(FourierLibrary.text(found.library().version()) + " by " + found.library().binding());
    assertTrue(found.library().binding().startsWith("java.lang.foreign"), found.library()::binding);
    assertEquals(version, FourierLibrary.text(found.library().version()));
  }

  @ParameterizedTest
  @CsvSource({"11080, 10.9.0", "12040, 11.4.1", "13000, 12.5.0"})
  void shouldTakeTheOneThatTheDriverCanRunWhereCuda11IsMissing(int driver, String version) throws Exception {
    String folder = System.getProperty(FOLDER, "");
    assumeFalse(folder.isEmpty(), "no " + FOLDER);
    Path nvidia = Path.of(folder, "nvidia");
    String named = driver < 12000
        ? nvidia.toString()
        : nvidia.resolve("cu13/lib") + ":" + nvidia.resolve("cufft/lib/libcufft.so.11");
    CufftSearch.Found found = new CufftSearch(Map.of(), Map.of(CufftSearch.ENVIRONMENT, named), driver).find();
    assertEquals(version, FourierLibrary.text(found.library().version()));
    System.out.println(found.refusals());
  }
}
