package io.sluice.aws;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds the service that a request is meant for. Immutable. */
final class Services {

  private final List<Service> all = new ArrayList<>();
  private final Map<String, Service> byName = new HashMap<>();
  private final Map<String, Service> byVersion = new HashMap<>();
  private final Map<String, Service> byTarget = new HashMap<>();

  Services(List<AwsService> served) {
    for (AwsService one : served) {
      Service service = new Service(one);
      all.add(service);
      byName.put(service.model().service(), service);
      byVersion.put(service.model().version(), service);
      service.model().jsonTarget().ifPresent(target -> byTarget.put(target, service));
    }
  }

  /** The operation that an X-Amz-Target names: {@code AmazonSQS.SendMessage}. */
  Operation byTarget(String target) {
    int dot = target.lastIndexOf('.');
    Service service = byTarget.get(target.substring(0, Math.max(dot, 0)));
    if (service == null) {
      throw WireError.invalidAction("There is no service here for " + target + ".").rejection();
    }
    return service
        .operation(target.substring(dot + 1))
        .orElseThrow(() -> WireError.invalidAction("There is no " + target + ".").rejection());
  }

  /**
   * The service of a Query request: the one it was signed for, or else the one of its version, or
   * else the one whose resource it was sent to, or else the only one that has the action.
   */
  Service byQuery(
      String action,
      @Nullable CredentialScope scope,
      @Nullable String version,
      boolean isToResource) {
    Service service = scope == null ? null : byName.get(scope.service());
    if (service == null && version != null) {
      service = byVersion.get(version);
    }
    if (service != null) {
      return service;
    }
    List<Service> candidates =
        all.stream()
            .filter(one -> !isToResource || one.model().resourceMember().isPresent())
            .filter(one -> one.operationNames().contains(action))
            .toList();
    if (candidates.size() != 1) {
      throw (candidates.isEmpty()
              ? Service.invalidAction(action)
              : WireError.invalidAction(
                  "More than one service has the action "
                      + action
                      + ": sign the request, or send its Version."))
          .rejection();
    }
    return candidates.getFirst();
  }
}
