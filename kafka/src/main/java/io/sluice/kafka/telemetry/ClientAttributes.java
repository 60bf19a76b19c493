package io.sluice.kafka.telemetry;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.requests.RequestContext;

/** What subscriptions can choose a client by, by Kafka's names. Immutable. */
record ClientAttributes(Map<String, String> values) {

  private static final String INSTANCE_ID = "client_instance_id";
  private static final String ID = "client_id";
  private static final String SOFTWARE_NAME = "client_software_name";
  private static final String SOFTWARE_VERSION = "client_software_version";
  private static final String SOURCE_ADDRESS = "client_source_address";
  private static final String SOURCE_PORT = "client_source_port";

  static final Set<String> NAMES =
      Set.of(INSTANCE_ID, ID, SOFTWARE_NAME, SOFTWARE_VERSION, SOURCE_ADDRESS, SOURCE_PORT);

  static ClientAttributes of(Uuid instanceId, RequestContext context) {
    Map<String, String> values = new HashMap<>();
    values.put(INSTANCE_ID, instanceId.toString());
    if (context.clientId() != null) {
      values.put(ID, context.clientId());
    }
    values.put(SOFTWARE_NAME, context.clientInformation.softwareName());
    values.put(SOFTWARE_VERSION, context.clientInformation.softwareVersion());
    values.put(SOURCE_ADDRESS, context.clientAddress.getHostAddress());
    context.clientPort.ifPresent(port -> values.put(SOURCE_PORT, port.toString()));
    return new ClientAttributes(values);
  }
}
