package io.sluice.aws;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.core.SdkPojo;

/**
 * Implements every operation of a client interface: notes what it is asked, answers as it is told.
 */
final class FakeService implements InvocationHandler {

  /** Answers a request, or throws. */
  interface Behaviour {
    SdkPojo answer(SdkPojo request) throws Throwable;
  }

  private final Behaviour behaviour;
  private volatile @Nullable SdkPojo request;
  private volatile @Nullable CallContext context;

  FakeService(Behaviour behaviour) {
    this.behaviour = behaviour;
  }

  <C extends SdkClient> AwsService as(Class<C> contract) {
    Object client =
        Proxy.newProxyInstance(contract.getClassLoader(), new Class<?>[] {contract}, this);
    return AwsService.of(contract, contract.cast(client));
  }

  @Override
  public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
    SdkPojo received = (SdkPojo) arguments[0];
    request = received;
    context = CallContext.current();
    return behaviour.answer(received);
  }

  boolean wasCalled() {
    return request != null;
  }

  /** The last request. */
  SdkPojo request() {
    return Objects.requireNonNull(request);
  }

  /** What the last call could learn about its caller. */
  CallContext context() {
    return Objects.requireNonNull(context);
  }
}
