package io.sluice.e2e;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The arrows between the rooms, as docs/architecture.md draws them: they point down only. */
class HouseRulesTest {

  private static JavaClasses house;

  @BeforeAll
  static void read() {
    house =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.sluice");
  }

  @Test
  void the_log_knows_nothing_above_it() {
    noClasses()
        .that()
        .resideInAPackage("io.sluice.log..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.sluice.broker..", "io.sluice.kafka..", "io.sluice.aws..", "io.sluice.server..")
        .because("the log keeps records for whoever asks")
        .check(house);
  }

  @Test
  void the_broker_knows_no_door() {
    noClasses()
        .that()
        .resideInAPackage("io.sluice.broker..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.sluice.kafka..",
            "io.sluice.aws..",
            "io.sluice.server..",
            "software.amazon.awssdk..",
            "org.apache.kafka.common.requests..",
            "io.helidon..")
        .because("protocol classes translate, the broker decides")
        .check(house);
  }

  @Test
  void the_doors_do_not_know_each_other() {
    noClasses()
        .that()
        .resideInAPackage("io.sluice.kafka..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.sluice.aws..", "io.sluice.server..", "software.amazon.awssdk..")
        .because("a door translates one protocol")
        .check(house);
    noClasses()
        .that()
        .resideInAPackage("io.sluice.aws..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.sluice.kafka..", "io.sluice.server..", "org.apache.kafka.common.requests..")
        .because("a door translates one protocol")
        .check(house);
  }

  @Test
  void who_assembles_stands_above() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "io.sluice.log..", "io.sluice.broker..", "io.sluice.kafka..", "io.sluice.aws..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.sluice.embedded..", "io.sluice.junit..")
        .because("parts do not know what they are put into")
        .check(house);
    noClasses()
        .that()
        .resideInAPackage("io.sluice.embedded..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.sluice.junit..", "io.sluice.server..", "org.junit..")
        .because("an application that embeds Sluice has neither tests nor commands")
        .check(house);
    classes()
        .that()
        .resideInAPackage("io.sluice.junit..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "io.sluice.junit..",
            "io.sluice.embedded..",
            "org.junit.jupiter.api..",
            "software.amazon.awssdk.services..",
            "org.jspecify..",
            "java..")
        .because("whoever has JUnit's API can use it")
        .check(house);
  }

  @Test
  void the_client_knows_no_broker() {
    classes()
        .that()
        .resideInAPackage("io.sluice.client..")
        .and()
        .resideOutsideOfPackage("io.sluice.client.spring..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "io.sluice.client",
            "io.sluice.client.consume..",
            "io.sluice.client.message..",
            "io.sluice.client.producer..",
            "io.sluice.client.publish..",
            "io.sluice.client.service..",
            "org.apache.kafka..",
            "software.amazon.awssdk..",
            "org.slf4j..",
            "org.jspecify..",
            "java..")
        .because("it works on any SNS and SQS")
        .check(house);
    classes()
        .that()
        .resideInAPackage("io.sluice.client.spring..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "io.sluice.client",
            "io.sluice.client.spring..",
            "org.apache.kafka..",
            "org.springframework..",
            "org.jspecify..",
            "java..")
        .because("Spring's factories make the client's own producers and consumers")
        .check(house);
    noClasses()
        .that()
        .resideInAnyPackage("io.sluice.client.message..", "io.sluice.client.service..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.sluice.client",
            "io.sluice.client.publish..",
            "io.sluice.client.producer..",
            "io.sluice.client.consume..")
        .because("what travels does not know who sends and receives it")
        .check(house);
    noClasses()
        .that()
        .resideInAnyPackage("io.sluice.client.publish..", "io.sluice.client.consume..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.sluice.client", "io.sluice.client.producer..")
        .because("requests do not know Kafka's interfaces")
        .check(house);
    noClasses()
        .that()
        .resideInAPackage("io.sluice.client.consume..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.sluice.client.publish..")
        .because("SNS and SQS are two services")
        .check(house);
  }

  @Test
  void only_the_log_sees_kafka_storage() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.sluice.log..")
        // The coordinator's own interface names them.
        .and()
        .doNotHaveFullyQualifiedName("io.sluice.kafka.group.OffsetsWriter")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.apache.kafka.storage..")
        .because("its internals change with every release of Kafka")
        .check(house);
  }

  @Test
  void the_storage_of_a_partition_stays_inside_the_log() {
    classes()
        .that()
        .haveNameMatching("io\\.sluice\\.log\\.(DiskLogStore|TopicConfigs|ReadSignal)")
        .should()
        .bePublic()
        .because("these are the doors of the log; the rest is its own")
        .check(house);
  }
}
