package org.halocline.sampler.model.own;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.halocline.runtime.job.Digests;
import org.halocline.sampler.ppl.Model;

/**
 * The class of a user's model, from a jar or from the class path. A jar of one digest has one class loader in a
 * process, above which stand the classes of Halocline. Thread-safe.
 */
final class ModelClass {
  private static final Map<String, ClassLoader> LOADERS = new ConcurrentHashMap<>();

  private final Constructor<? extends Model> constructor;

  private ModelClass(Constructor<? extends Model> constructor) {
    this.constructor = constructor;
  }

  /** A class that cannot be used as a model; the message says why, as a phrase after the name of the class. */
  static final class UnusableException extends Exception {
    private static final long serialVersionUID = 1;
    private final String remedy;

    UnusableException(String message, String remedy, Throwable cause) {
      super(message, cause);
      this.remedy = remedy;
    }

    String remedy() {
      return remedy;
    }
  }

  /** @throws UnusableException if there is no such class, or it is no model */
  static ModelClass of(String name, Optional<Path> jar) throws UnusableException {
    String place = jar.map(path -> "the jar " + path.getFileName()).orElse("the class path");
    try {
      Class<?> found = Class.forName(name, false, loader(jar));
      if (!Model.class.isAssignableFrom(found) || Modifier.isAbstract(found.getModifiers()))
        throw new UnusableException("is in " + place + " but is no model",
            "let a public class implement " + Model.class.getName(), null);
      return new ModelClass(found.asSubclass(Model.class).getConstructor(ModelInput.class));
    } catch (ClassNotFoundException missing) {
      throw new UnusableException("is not in " + place, "check the name and its package, or name the jar that holds it",
          missing);
    } catch (NoSuchMethodException missing) {
      throw new UnusableException("has no public constructor that takes a " + ModelInput.class.getSimpleName(),
          "add one", missing);
    } catch (UnsupportedClassVersionError newer) {
      throw new UnusableException("was compiled for Java " + javaOf(newer) + ", and this node runs Java "
          + Runtime.version().feature(), "compile it with --release " + Runtime.version().feature(), newer);
    } catch (LinkageError broken) {
      throw new UnusableException("cannot be loaded: " + text(broken),
          "compile it against this version of Halocline, with all that it needs in the jar", broken);
    } catch (IOException unread) {
      throw new UnusableException("cannot be loaded: " + unread.getMessage(), "check the jar", unread);
    }
  }

  private static String javaOf(UnsupportedClassVersionError newer) {
    Matcher version = Pattern.compile("class file version (\\d+)")
        .matcher(String.valueOf(newer.getMessage()));
    return version.find() ? Integer.toString(Integer.parseInt(version.group(1)) - 44) : "of another version";
  }

  private static ClassLoader loader(Optional<Path> jar) throws IOException {
    ClassLoader own = ModelClass.class.getClassLoader();
    if (jar.isEmpty())
      return own;
    URL url = jar.get().toUri().toURL();
    return LOADERS.computeIfAbsent(Digests.sha256(jar.get()),
        digest -> new URLClassLoader("model-" + digest.substring(0, 12),
            new URL[]{url}, own));
  }

  /** The name of the class. */
  String name() {
    return constructor.getDeclaringClass().getName();
  }

  /**
   * Makes the model.
   *
   * @throws UnusableException if its constructor fails
   */
  Model make(ModelInput input) throws UnusableException {
    try {
      return constructor.newInstance(input);
    } catch (InvocationTargetException failed) {
      throw new UnusableException("failed in its constructor: " + text(failed.getCause()), "correct the model",
          failed.getCause());
    } catch (ReflectiveOperationException | LinkageError impossible) {
      throw new UnusableException("cannot be made: " + text(impossible), "let its class and constructor be public",
          impossible);
    }
  }

  /** What went wrong and where in the user's code, in one line. */
  static String text(Throwable failed) {
    String message = failed.getMessage() == null ? "" : ": " + failed.getMessage().lines().findFirst().orElse("");
    return failed.getClass().getSimpleName() + message;
  }
}
