package io.sluice.log;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.common.errors.KafkaStorageException;

/** Does the same to many partitions, on as many threads as there are processors. */
final class InParallel {

  private InParallel() {}

  /** Something done to each of many things. */
  interface Step<T> {
    void accept(T item) throws IOException;
  }

  static <T> void each(Collection<T> items, Step<T> step) {
    int threads = Math.max(2, Runtime.getRuntime().availableProcessors());
    try (ExecutorService executor =
        Executors.newFixedThreadPool(
            threads, Thread.ofPlatform().daemon().name("log-open-", 0).factory())) {
      List<Future<?>> done = new ArrayList<>();
      for (T item : items) {
        done.add(
            executor.submit(
                () -> {
                  step.accept(item);
                  return item;
                }));
      }
      for (Future<?> future : done) {
        future.get();
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof DataDirectoryException named
          ? named
          : new KafkaStorageException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaStorageException(e);
    }
  }
}
