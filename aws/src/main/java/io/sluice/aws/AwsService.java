package io.sluice.aws;

import software.amazon.awssdk.core.SdkClient;

/**
 * A service that the listener serves: an AWS SDK client interface and the object that implements
 * it.
 *
 * <p>A method that the implementation leaves to the interface's default answers with Amazon's error
 * for an unsupported operation. It throws the SDK's exceptions, see {@link AwsErrors}, and finds
 * out about its caller from {@link CallContext#current()}. It is called by many threads at once,
 * each of them virtual, may block, and is never interrupted; what waits long should watch {@link
 * CallContext#abandoned()}.
 *
 * @param contract the interface, such as {@code SqsClient}; one that the listener has a data file
 *     for
 * @param implementation what is called
 */
public record AwsService(Class<? extends SdkClient> contract, SdkClient implementation) {

  /** Rejects an implementation of another interface. */
  public AwsService {
    if (!contract.isInstance(implementation)) {
      throw new IllegalArgumentException(
          implementation.getClass().getName() + " is no " + contract.getSimpleName());
    }
  }

  /** For example {@code of(SqsClient.class, queues)}. */
  public static <C extends SdkClient> AwsService of(Class<C> contract, C implementation) {
    return new AwsService(contract, implementation);
  }
}
