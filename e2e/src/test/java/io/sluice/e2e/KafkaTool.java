package io.sluice.e2e;

import io.sluice.bench.system.PeerLibraries;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.InputStream;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The command-line tools of Apache Kafka, as its scripts start them, with its own libraries only. A
 * process of its own takes a second to start; so those that allow it run in this one, one at a
 * time.
 */
final class KafkaTool {

  private static final int RUNNING = Integer.MIN_VALUE;

  private static final ClassLoader LIBRARIES = libraries();

  private KafkaTool() {}

  /** Thrown where a tool would end its process. */
  private static final class Ended extends Error {
    private static final long serialVersionUID = 1;

    Ended() {
      super("the tool ends", null, false, false);
    }
  }

  private static String classPath() {
    try {
      return PeerLibraries.classPath("kafka");
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted", e);
    }
  }

  private static ClassLoader libraries() {
    List<URL> jars = new ArrayList<>();
    for (String jar : classPath().split(File.pathSeparator)) {
      try {
        jars.add(Path.of(jar).toUri().toURL());
      } catch (MalformedURLException e) {
        throw new IllegalStateException(jar, e);
      }
    }
    return new URLClassLoader(jars.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
  }

  /** Runs a tool in a process of its own. */
  static ForeignProgram.Output process(Path directory, String mainClass, String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                classPath(),
                mainClass));
    command.addAll(List.of(arguments));
    return ForeignProgram.run(directory, "", command.toArray(String[]::new));
  }

  /** Runs a tool in this process; {@code input} is what is typed. */
  static synchronized ForeignProgram.Output run(
      String input, String mainClass, String... arguments) {
    AtomicInteger exitCode = new AtomicInteger(RUNNING);
    List<Runnable> hooks = new ArrayList<>();
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    PrintStream out = System.out;
    PrintStream err = System.err;
    InputStream in = System.in;
    ClassLoader loader = Thread.currentThread().getContextClassLoader();
    try (PrintStream captured = new PrintStream(text, true, StandardCharsets.UTF_8)) {
      System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
      System.setOut(captured);
      System.setErr(captured);
      Thread.currentThread().setContextClassLoader(LIBRARIES);
      endWith(exitCode, hooks);
      LIBRARIES
          .loadClass(mainClass)
          .getMethod("main", String[].class)
          .invoke(null, (Object) arguments);
    } catch (InvocationTargetException e) {
      if (!(e.getCause() instanceof Ended)) {
        throw new IllegalStateException(
            mainClass + " " + Arrays.toString(arguments) + " failed: " + text, e.getCause());
      }
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("no tool " + mainClass, e);
    } finally {
      hooks.forEach(Runnable::run);
      Thread.currentThread().setContextClassLoader(loader);
      System.setIn(in);
      System.setOut(out);
      System.setErr(err);
    }
    return new ForeignProgram.Output(
        Math.max(exitCode.get(), 0), text.toString(StandardCharsets.UTF_8));
  }

  /**
   * The first code that a tool gives counts: some catch what ends them, and end again. What it
   * leaves to the end of its process is collected.
   */
  private static void endWith(AtomicInteger exitCode, List<Runnable> hooks)
      throws ReflectiveOperationException {
    Class<?> exit = LIBRARIES.loadClass("org.apache.kafka.common.utils.Exit");
    Class<?> procedure = LIBRARIES.loadClass("org.apache.kafka.common.utils.Exit$Procedure");
    Object end =
        Proxy.newProxyInstance(
            LIBRARIES,
            new Class<?>[] {procedure},
            (proxy, method, arguments) -> {
              exitCode.compareAndSet(RUNNING, (Integer) arguments[0]);
              throw new Ended();
            });
    exit.getMethod("setExitProcedure", procedure).invoke(null, end);
    exit.getMethod("setHaltProcedure", procedure).invoke(null, end);
    Class<?> adder = LIBRARIES.loadClass("org.apache.kafka.common.utils.Exit$ShutdownHookAdder");
    Object collect =
        Proxy.newProxyInstance(
            LIBRARIES,
            new Class<?>[] {adder},
            (proxy, method, arguments) -> {
              hooks.add((Runnable) arguments[1]);
              return null;
            });
    exit.getMethod("setShutdownHookAdder", adder).invoke(null, collect);
  }
}
