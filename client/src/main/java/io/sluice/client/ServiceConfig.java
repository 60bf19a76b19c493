package io.sluice.client;

import java.net.URI;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.types.Password;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.regions.Region;

/**
 * Where SNS and SQS are and who asks: the settings that Kafka's clients do not have. What is not
 * set is what the AWS SDK finds in its environment.
 */
public final class ServiceConfig extends AbstractConfig {

  /** The region, such as {@code eu-central-1}. */
  public static final String REGION = "aws.region";

  /** The endpoint of all services, such as {@code http://127.0.0.1:4566} for a Sluice. */
  public static final String ENDPOINT = "aws.endpoint";

  /** A profile of the SDK's files. */
  public static final String PROFILE = "aws.profile";

  /** An access key, with {@link #SECRET_ACCESS_KEY}. */
  public static final String ACCESS_KEY_ID = "aws.access.key.id";

  /** Its secret, which is never logged. */
  public static final String SECRET_ACCESS_KEY = "aws.secret.access.key";

  /** The token of temporary keys. */
  public static final String SESSION_TOKEN = "aws.session.token";

  /** An {@link AwsCredentialsProvider}, in place of the four before. */
  public static final String CREDENTIALS_PROVIDER = "aws.credentials.provider";

  /**
   * A bucket of S3 for what is too large for a message, after the convention of
   * amazon-sqs-java-extended-client-lib. Nothing is ever deleted from it: a rule of its own should
   * do that. Needs S3's client of the AWS SDK on the class path.
   */
  public static final String S3_BUCKET = "s3.bucket";

  private static final ConfigDef DEFINITIONS =
      new ConfigDef()
          .define(REGION, ConfigDef.Type.STRING, null, Importance.HIGH, "The region.")
          .define(
              ENDPOINT,
              ConfigDef.Type.STRING,
              null,
              Importance.HIGH,
              "The endpoint of all services.")
          .define(
              PROFILE,
              ConfigDef.Type.STRING,
              null,
              Importance.MEDIUM,
              "A profile of the SDK's files.")
          .define(ACCESS_KEY_ID, ConfigDef.Type.STRING, null, Importance.MEDIUM, "An access key.")
          .define(
              SECRET_ACCESS_KEY, ConfigDef.Type.PASSWORD, null, Importance.MEDIUM, "Its secret.")
          .define(
              SESSION_TOKEN, ConfigDef.Type.PASSWORD, null, Importance.MEDIUM, "The token of both.")
          .define(
              S3_BUCKET,
              ConfigDef.Type.STRING,
              null,
              Importance.MEDIUM,
              "A bucket for what is too large for a message.");

  private final @Nullable AwsCredentialsProvider provider;

  /**
   * Reads them among others.
   *
   * @throws ConfigException one of them cannot be
   */
  public ServiceConfig(Map<String, ?> configs) {
    super(DEFINITIONS, configs, false);
    Object given = configs.get(CREDENTIALS_PROVIDER);
    if (given != null && !(given instanceof AwsCredentialsProvider)) {
      throw new ConfigException(CREDENTIALS_PROVIDER, given, "must be an AwsCredentialsProvider");
    }
    this.provider = (AwsCredentialsProvider) given;
    if ((getString(ACCESS_KEY_ID) == null) != (getPassword(SECRET_ACCESS_KEY) == null)) {
      throw new ConfigException(ACCESS_KEY_ID + " and " + SECRET_ACCESS_KEY + " belong together");
    }
  }

  /** Points a client there. */
  <B extends AwsClientBuilder<B, ?>> B applyTo(B builder) {
    String region = getString(REGION);
    if (region != null) {
      builder.region(Region.of(region));
    }
    String endpoint = getString(ENDPOINT);
    if (endpoint != null) {
      builder.endpointOverride(uri(endpoint));
    }
    AwsCredentialsProvider credentials = credentials();
    return credentials == null ? builder : builder.credentialsProvider(credentials);
  }

  private static URI uri(String endpoint) {
    try {
      URI uri = URI.create(endpoint);
      String scheme = uri.getScheme();
      if (uri.getHost() != null
          && ("http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme))) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      // It is none of these either.
    }
    throw new ConfigException(ENDPOINT, endpoint, "must be an http or https URL");
  }

  private @Nullable AwsCredentialsProvider credentials() {
    if (provider != null) {
      return provider;
    }
    String accessKey = getString(ACCESS_KEY_ID);
    if (accessKey != null) {
      String secret = getPassword(SECRET_ACCESS_KEY).value();
      Password token = getPassword(SESSION_TOKEN);
      return StaticCredentialsProvider.create(
          token == null
              ? AwsBasicCredentials.create(accessKey, secret)
              : AwsSessionCredentials.create(accessKey, secret, token.value()));
    }
    String profile = getString(PROFILE);
    return profile == null ? null : ProfileCredentialsProvider.create(profile);
  }
}
