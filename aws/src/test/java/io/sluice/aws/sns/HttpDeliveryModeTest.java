package io.sluice.aws.sns;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where messages may be posted to. */
class HttpDeliveryModeTest {

  @ParameterizedTest
  @CsvSource({
    "93.184.216.34, REMOTE LOCAL ANY",
    "10.0.0.1, REMOTE LOCAL ANY",
    "192.168.1.1, REMOTE LOCAL ANY",
    "127.0.0.1, LOCAL ANY",
    "127.9.9.9, LOCAL ANY",
    "::1, LOCAL ANY",
    "169.254.169.254, ANY",
    "fe80::1, ANY",
    "0.0.0.0, ANY",
    "::, ANY",
    "224.0.0.1, ANY",
    "::ffff:169.254.169.254, ANY",
    "::ffff:127.0.0.1, LOCAL ANY"
  })
  void an_address_is_allowed_by(String address, String modes) throws Exception {
    Set<HttpDeliveryMode> allowing = EnumSet.noneOf(HttpDeliveryMode.class);
    for (HttpDeliveryMode mode : HttpDeliveryMode.values()) {
      if (mode.allows(InetAddress.getByName(address))) {
        allowing.add(mode);
      }
    }

    assertEquals(modes, String.join(" ", allowing.stream().map(Enum::name).toList()));
  }
}
