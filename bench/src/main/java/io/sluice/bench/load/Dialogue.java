package io.sluice.bench.load;

import java.nio.ByteBuffer;

/** What one connection says and hears. Owned by the thread that drives the load. */
public interface Dialogue {

  /** The next request, head and body. */
  ByteBuffer request();

  /**
   * Takes the answer to the last request, whose status was 200.
   *
   * @return how many units this answer finished
   * @throws LoadFailedException when it is not what it must be
   */
  int answered(HttpAnswer answer);
}
