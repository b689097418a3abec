package org.halocline.runtime.config;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigIncluderClasspath;
import com.typesafe.config.ConfigIncluderFile;
import com.typesafe.config.ConfigIncluderURL;
import com.typesafe.config.ConfigObject;
import java.io.File;
import java.net.URL;

/**
 * Refuses every form of include before anything is opened. The library itself would follow a form that is not refused
 * here.
 */
final class NoIncludes implements ConfigIncluder, ConfigIncluderFile, ConfigIncluderURL, ConfigIncluderClasspath {

  static final class Found extends ConfigException {
    private static final long serialVersionUID = 1;

    private Found() {
      super("include");
    }
  }

  @Override
  public ConfigIncluder withFallback(ConfigIncluder fallback) {
    return this;
  }

  @Override
  public ConfigObject include(ConfigIncludeContext context, String what) {
    throw new Found();
  }

  @Override
  public ConfigObject includeFile(ConfigIncludeContext context, File what) {
    throw new Found();
  }

  @Override
  public ConfigObject includeURL(ConfigIncludeContext context, URL what) {
    throw new Found();
  }

  @Override
  public ConfigObject includeResources(ConfigIncludeContext context, String what) {
    throw new Found();
  }
}
