package io.sluice.junit;

import io.sluice.embedded.EmbeddedOptions;
import io.sluice.embedded.Sluice;
import java.net.URI;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sts.StsClient;

/**
 * Starts a {@link Sluice} before the tests of a class and closes it after them: classes know
 * nothing of each other, also when they run at the same time; nested classes share the outermost
 * one's. Its methods and constructors can have parameters of these types:
 *
 * <ul>
 *   <li>{@link SqsClient}, {@link SnsClient}, {@link StsClient}: in process, without a socket
 *   <li>{@link Sluice}, for instance to move time on
 *   <li>{@link URI}: the endpoint for AWS SDKs with a socket, which begins to listen for it
 *   <li>{@link String} with {@link KafkaBootstrapServers}: for Kafka's clients, likewise
 * </ul>
 *
 * Use it by {@link SluiceTest}, or, to choose options, in a static field:
 *
 * <pre>{@code
 * @RegisterExtension
 * static final SluiceExtension SLUICE =
 *     new SluiceExtension(EmbeddedOptions.temporary().withRegion("eu-west-1"));
 * }</pre>
 */
public final class SluiceExtension
    implements BeforeAllCallback, AfterAllCallback, ParameterResolver {

  private static final Namespace NAMESPACE = Namespace.create(SluiceExtension.class);

  private static final Map<Class<?>, Function<Sluice, Object>> INJECTED =
      Map.of(
          Sluice.class, sluice -> sluice,
          SqsClient.class, Sluice::sqs,
          SnsClient.class, Sluice::sns,
          StsClient.class, Sluice::sts,
          URI.class, Sluice::endpoint);

  private final EmbeddedOptions options;

  /** Keeps nothing: {@link EmbeddedOptions#temporary()}. */
  public SluiceExtension() {
    this(EmbeddedOptions.temporary());
  }

  /** Starts each class's Sluice with these options. */
  public SluiceExtension(EmbeddedOptions options) {
    this.options = options;
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    Store store = store(context);
    if (store.get(Sluice.class) == null) {
      store.put(Sluice.class, Sluice.embedded(options));
    }
  }

  /** A nested class finds the outer one's, and does not close it. */
  @Override
  public void afterAll(ExtensionContext context) {
    Sluice started = store(context).remove(Sluice.class, Sluice.class);
    if (started != null) {
      started.close();
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    return INJECTED.containsKey(type)
        || (type == String.class && parameter.isAnnotated(KafkaBootstrapServers.class));
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    Sluice sluice = store(context).get(Sluice.class, Sluice.class);
    if (sluice == null) {
      throw new ParameterResolutionException(
          "SluiceExtension starts with a test class: register it on the class or in a static"
              + " field");
    }
    Function<Sluice, Object> injected = INJECTED.get(parameter.getParameter().getType());
    return injected == null ? sluice.bootstrapServers() : injected.apply(sluice);
  }

  private static Store store(ExtensionContext context) {
    return context.getStore(NAMESPACE);
  }
}
