package io.sluice.aws.sns;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sluice.aws.CallContext;
import io.sluice.aws.message.Arns;
import io.sluice.broker.Topic;
import io.sluice.broker.TopicKind;
import io.sluice.broker.Topics;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/** Finds topics by their ARNs. Only users' topics are topics to SNS. */
final class TopicDirectory {

  private final Topics topics;

  TopicDirectory(Topics topics) {
    this.topics = topics;
  }

  /** The ARN of a topic for the caller. */
  static String arn(String name) {
    CallContext context = CallContext.current();
    return Arns.topic(context.region(), context.accountId(), name);
  }

  /**
   * The topic of an ARN.
   *
   * @param parameter what the request calls it
   */
  Topic require(String parameter, @Nullable String arn) {
    return find(name(parameter, arn, SnsErrors::topicNotFound))
        .orElseThrow(SnsErrors::topicNotFound);
  }

  /** The user's topic of that name. */
  Optional<Topic> find(String name) {
    return topics.find(name).filter(topic -> topic.kind() == TopicKind.USER);
  }

  /**
   * The topic's name in an ARN that is one and belongs to the caller.
   *
   * @param notFound what somebody else's is to this caller
   */
  static String name(
      String parameter, @Nullable String arn, Supplier<AwsServiceException> notFound) {
    Arns.Arn parts = parse(parameter, arn, notFound);
    if (parts.resource().isEmpty() || parts.resource().contains(":")) {
      throw SnsErrors.invalidParameter(parameter);
    }
    return parts.resource();
  }

  /**
   * The parts of an SNS ARN that belongs to the caller.
   *
   * @param notFound what somebody else's is to this caller
   */
  static Arns.Arn parse(
      String parameter, @Nullable String arn, Supplier<AwsServiceException> notFound) {
    if (arn == null || arn.isEmpty()) {
      throw SnsErrors.missingParameter(parameter);
    }
    Arns.Arn parts =
        Arns.parse(arn)
            .filter(parsed -> parsed.service().equals("sns"))
            .orElseThrow(() -> SnsErrors.malformedArn(parameter, arn));
    String account = parts.account();
    if (!account.equals(CallContext.current().accountId())
        && !account.equals(CallContext.DEFAULT_ACCOUNT_ID)) {
      throw notFound.get();
    }
    return parts;
  }

  /** A token for the page after the item that ends with {@code last}. */
  static String token(String last) {
    return Base64.getEncoder().encodeToString(last.getBytes(UTF_8));
  }

  /** What {@link #token} was made from; empty for the first page. */
  static String readToken(@Nullable String token) {
    if (token == null || token.isEmpty()) {
      return "";
    }
    try {
      return new String(Base64.getDecoder().decode(token), UTF_8);
    } catch (IllegalArgumentException _) {
      throw SnsErrors.invalidParameter("NextToken", "Not a token that was given out.");
    }
  }
}
