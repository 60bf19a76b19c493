package io.sluice.aws;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.core.SdkPojo;

/** A service behind a listener, and what its actions are by their requests. */
final class ServedActions implements AutoCloseable {

  private final Service service;
  private final AwsListener listener;

  ServedActions(AwsService served) {
    service = new Service(served);
    listener = AwsListener.start(AwsListenerOptions.DEFAULTS.at("127.0.0.1", 0), List.of(served));
  }

  AwsListener listener() {
    return listener;
  }

  ServiceModel model() {
    return service.model();
  }

  /** The action of a request. */
  Operation of(SdkPojo request) {
    String name = request.getClass().getSimpleName();
    return service.operation(name.substring(0, name.length() - "Request".length())).orElseThrow();
  }

  /** The names of the actions of these requests. */
  Set<String> names(Stream<? extends SdkPojo> requests) {
    return requests
        .map(request -> of(request).name())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The names of all actions that the service has. */
  Set<String> names() {
    return service.operationNames().stream()
        .filter(name -> service.operation(name).orElseThrow().call() != null)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Sends a request in the Query protocol. */
  RawHttp.Response query(SdkPojo request) throws IOException {
    return RawHttp.exchange(listener, RawHttp.form("/", QueryForm.of(of(request), request)));
  }

  /** The body of an answer in XML, as a reader of XML sees its texts. */
  static String unescaped(RawHttp.Response response) {
    return response
        .body()
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&apos;", "'")
        .replace("&amp;", "&");
  }

  @Override
  public void close() {
    listener.close();
  }
}
