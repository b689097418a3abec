package org.halocline.ops;

import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.LoggerFactory;

/** The first Ctrl-C ends the process in good order; a second one, while the process ends, ends it at once. */
final class Interrupts {
  private static final int INTERRUPTED = 128 + 2;

  private Interrupts() {}

  /**
   * Uses the JDK's own access to signals by name, since compilers warn of it. Where there is none, the JVM's handler
   * stays.
   */
  static void heed() {
    AtomicBoolean ending = new AtomicBoolean();
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("ending").unstarted(() -> ending.set(true)));
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object heeds = Proxy.newProxyInstance(Interrupts.class.getClassLoader(), new Class<?>[]{handler},
          (_, _, _) -> {
            if (ending.getAndSet(true))
              Runtime.getRuntime().halt(INTERRUPTED);
            System.exit(INTERRUPTED);
            return null;
          });
      signal.getMethod("handle", signal, handler).invoke(null, signal.getConstructor(String.class).newInstance("INT"),
          heeds);
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      LoggerFactory.getLogger(Interrupts.class).info("Ctrl-C is left to the JVM: {}", e.toString());
    }
  }
}
