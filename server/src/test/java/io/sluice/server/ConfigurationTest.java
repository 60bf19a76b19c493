package io.sluice.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.log.Durability;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigurationTest {

  @TempDir private Path folder;

  @Test
  void flags_win_over_the_environment_over_the_file_over_the_defaults() throws IOException {
    Path file =
        file(
            """
            kafka-port = 1
            aws-port = 1
            admin-port = 1
            """);

    Configuration configuration =
        Configuration.of(
            Optional.of(file),
            Map.of("SLUICE_KAFKA_PORT", "2", "SLUICE_AWS_PORT", "2"),
            Map.of("kafka-port", "3"));

    assertEquals(OptionalInt.of(3), configuration.get(Settings.KAFKA_PORT));
    assertEquals(OptionalInt.of(2), configuration.get(Settings.AWS_PORT));
    assertEquals(1, configuration.get(Settings.ADMIN_PORT));
    assertEquals("127.0.0.1", configuration.get(Settings.HOST));
  }

  @Test
  void every_default_is_legal() {
    Configuration defaults = Configuration.of(Optional.empty(), Map.of(), Map.of());

    Settings.ALL.forEach(defaults::get);

    assertEquals(OptionalInt.of(9092), defaults.get(Settings.KAFKA_PORT));
    assertEquals(OptionalInt.of(4566), defaults.get(Settings.AWS_PORT));
    assertEquals(9644, defaults.get(Settings.ADMIN_PORT));
    assertEquals(Durability.FSYNC, defaults.get(Settings.DURABILITY));
  }

  @Test
  void every_setting_can_come_from_the_environment() {
    Settings.ALL.forEach(
        setting ->
            Configuration.of(
                Optional.empty(),
                Map.of(setting.environmentVariable(), setting.defaultValue()),
                Map.of()));
  }

  @Test
  void an_unknown_flag_names_the_nearest() {
    assertEquals(
        "unknown setting --kafka-prot; did you mean kafka-port?",
        complaint(Optional.empty(), Map.of(), Map.of("kafka-prot", "1")));
  }

  @Test
  void an_unknown_variable_names_the_nearest() {
    assertEquals(
        "unknown setting SLUICE_DURABLE; did you mean durability?",
        complaint(Optional.empty(), Map.of("SLUICE_DURABLE", "os"), Map.of()));
  }

  @Test
  void an_unknown_line_of_the_file_names_the_nearest_and_the_file() throws IOException {
    Path file = file("acount-id=000000000000\n");

    assertEquals(
        "unknown setting acount-id in " + file + "; did you mean account-id?",
        complaint(Optional.of(file), Map.of(), Map.of()));
  }

  @Test
  void variables_of_others_and_of_the_launcher_are_not_settings() {
    Configuration.of(
        Optional.empty(),
        Map.of("PATH", "/bin", "SLUICE_HEAP", "1g", "SLUICE_LAUNCHER", "./sluice", "SLUICER", ""),
        Map.of());
  }

  @ParameterizedTest
  @CsvSource({
    "kafka-port, 65536, a number from 0 to 65535 or off",
    "kafka-port, -1, a number from 0 to 65535 or off",
    "aws-port, http, a number from 0 to 65535 or off",
    "admin-port, '', a number from 0 to 65535",
    "host, '', an address or a host name",
    "host, a b, an address or a host name",
    "durability, fsyncs, fsync or os",
    "advertised-host, a b, a host name or an address",
    "default-partitions, 0, 'a number from 1 to 10000'",
    "auto-create-topics, yes, true or false",
    "group-initial-rebalance-delay-ms, 3s, a number from 0 to 300000",
    "group-heartbeat-interval-ms, 5001, a number from 50 to 5000",
    "group-session-timeout-ms, 5999, a number from 6000 to 60000",
    "account-id, 1234, twelve digits",
    "account-id, ١٢٣٤٥٦٧٨٩٠١٢, twelve digits",
    "max-request-bytes, 99999999999, ''",
    "max-connections, 0, ''",
    "retention-check-interval-ms, 0, ''",
  })
  void an_illegal_value_says_what_would_be_right(String name, String value, String right)
      throws IOException {
    String variable = "SLUICE_" + name.toUpperCase(java.util.Locale.ROOT).replace('-', '_');
    Path file = file(name + "=" + value);

    String flag = complaint(Optional.empty(), Map.of(), Map.of(name, value));
    assertTrue(flag.startsWith("--" + name + " is " + value + " but must be " + right), flag);
    String inEnvironment = complaint(Optional.empty(), Map.of(variable, value), Map.of());
    assertTrue(inEnvironment.startsWith(variable + " is " + value + " but must"), inEnvironment);
    String inFile = complaint(Optional.of(file), Map.of(), Map.of());
    assertTrue(inFile.startsWith(name + " in " + file + " is " + value + " but must"), inFile);
  }

  @Test
  void a_data_folder_that_no_file_system_could_have_is_illegal() {
    assertEquals(
        "--data is a\0b but must be a path",
        complaint(Optional.empty(), Map.of(), Map.of("data", "a\0b")));
    assertEquals(
        "--data is  but must be a path", complaint(Optional.empty(), Map.of(), Map.of("data", "")));
  }

  @Test
  void a_value_of_the_file_that_is_overridden_must_be_legal_too() throws IOException {
    Path file = file("kafka-port=many");

    assertTrue(
        complaint(Optional.of(file), Map.of(), Map.of("kafka-port", "1"))
            .contains("kafka-port in"));
  }

  @Test
  void a_file_that_cannot_be_read_is_named() throws IOException {
    Path missing = folder.resolve("missing.properties");
    String complaint = complaint(Optional.of(missing), Map.of(), Map.of());
    assertTrue(complaint.startsWith("configuration file " + missing + " "), complaint);

    complaint = complaint(Optional.of(folder), Map.of(), Map.of());
    assertTrue(complaint.startsWith("configuration file " + folder + " "), complaint);

    Path latin1 = folder.resolve("latin1.properties");
    Files.write(latin1, "host=caf\u00e9".getBytes(StandardCharsets.ISO_8859_1));
    complaint = complaint(Optional.of(latin1), Map.of(), Map.of());
    assertTrue(complaint.startsWith("configuration file " + latin1 + " "), complaint);

    complaint = complaint(Optional.of(file("host=\\u12")), Map.of(), Map.of());
    assertTrue(complaint.startsWith("configuration file "), complaint);
  }

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("sluice.properties"), text);
  }

  private static String complaint(
      Optional<Path> file, Map<String, String> environment, Map<String, String> flags) {
    return String.valueOf(
        assertThrows(ConfigurationException.class, () -> Configuration.of(file, environment, flags))
            .getMessage());
  }
}
