package io.sluice.server;

/** What a process does that serves: starts, says so, and stops when a signal ends it. */
final class ServingProcess {

  private ServingProcess() {}

  /**
   * Serves until a signal ends the process; comes back only with the exit code of a server that
   * could not start.
   */
  static int run(ServeFlags flags) {
    LogLines.configure();
    CarrierThreads.choose(Runtime.getRuntime().availableProcessors());
    try {
      Server server =
          Server.start(Configuration.of(flags.file(), System.getenv(), flags.settings()));
      Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server), "shutdown"));
      System.out.println(server.readyLine());
      System.out.flush();
      Thread.currentThread().join();
      return 0;
    } catch (ConfigurationException e) {
      System.err.println(UsageErrors.line(String.valueOf(e.getMessage())));
      return UsageErrors.EXIT_CODE;
    } catch (StartException e) {
      System.err.println(UsageErrors.line(String.valueOf(e.getMessage())));
      return 1;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 1;
    }
  }

  /**
   * Runs when a signal ends the process. The JVM would exit with 128 plus the signal's number,
   * which a supervisor takes for a failure, so this ends it with 0 when everything is stopped.
   */
  private static void stop(Server server) {
    server.close();
    Runtime.getRuntime().halt(0);
  }
}
