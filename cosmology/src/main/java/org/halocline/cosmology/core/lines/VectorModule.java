package org.halocline.cosmology.core.lines;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * The Vector API's module, loaded when it is first asked for. A JVM that is told of it by {@code --add-modules} warns
 * on every start that it is an incubator, before any code of ours runs and with nothing to silence it. The JDK loads
 * modules later for its own agents, in the same loader and with the same intrinsics, and does not warn; {@value #FLAG}
 * lets us ask for that.
 */
public final class VectorModule {
  public static final String NAME = "jdk.incubator.vector";
  public static final String FLAG = "--add-exports=java.base/jdk.internal.module=ALL-UNNAMED";

  private VectorModule() {}

  /** Whether its classes can be used; to be asked before any class that names them is. */
  public static synchronized boolean present() {
    return ModuleLayer.boot().findModule(NAME).isPresent() || load();
  }

  private static boolean load() {
    try {
      MethodHandle load = MethodHandles.lookup().findStatic(Class.forName("jdk.internal.module.Modules"), "loadModule",
          MethodType.methodType(Module.class, String.class));
      Module _ = (Module) load.invokeExact(NAME);
      return true;
    } catch (Throwable refused) { // no such flag, no such module, no such way in this JDK
      return false;
    }
  }
}
