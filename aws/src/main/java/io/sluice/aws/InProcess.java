package io.sluice.aws;

import java.lang.reflect.Proxy;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.regions.Region;

/**
 * Serves callers in the same process: an ordinary SDK client per service, without a socket. They
 * get the answers and the exceptions that the SDK's own client would give them over HTTP. Safe for
 * use by many threads.
 */
public final class InProcess implements AutoCloseable {

  private static final Duration DRAIN = Duration.ofSeconds(2);

  /** In place of an access key: who is in the process owns everything, and need not sign. */
  private static final String CALLER = "in-process";

  private final String accountId;
  private final String region;
  private final Supplier<URI> endpoint;
  private final CallsInFlight calls = new CallsInFlight();

  /**
   * Serves those who call in this account and this region.
   *
   * @param accountId twelve digits
   * @param region it goes into ARNs
   * @param endpoint what queue URLs are built on, without a trailing slash
   */
  public InProcess(String accountId, String region, Supplier<URI> endpoint) {
    this.accountId = accountId;
    this.region = region;
    this.endpoint = endpoint;
  }

  /** A client of the service. Closing it releases nothing. */
  public <C extends SdkClient> C client(Class<C> contract, C implementation) {
    Service service = new Service(AwsService.of(contract, implementation));
    return contract.cast(
        Proxy.newProxyInstance(
            contract.getClassLoader(),
            new Class<?>[] {contract},
            new InProcessClient(service, Region.of(region), this::context, calls)));
  }

  private CallContext context(InProcessClient.Call call) {
    return new CallContext(
        accountId, region, endpoint.get(), call.requestId(), Optional.of(CALLER), call.abandoned());
  }

  /** Ends the calls that wait; later ones are refused. */
  @Override
  public void close() {
    calls.close(DRAIN);
  }
}
