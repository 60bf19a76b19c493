package io.sluice.aws.sns;

/** What Amazon shows for a topic whose owner set no policies. */
final class DefaultPolicies {

  private static final String TOPIC =
      """
      {"Version":"2008-10-17","Id":"__default_policy_ID","Statement":[{"Effect":"Allow",\
      "Sid":"__default_statement_ID","Principal":{"AWS":"*"},"Action":["SNS:GetTopicAttributes",\
      "SNS:SetTopicAttributes","SNS:AddPermission","SNS:RemovePermission","SNS:DeleteTopic",\
      "SNS:Subscribe","SNS:ListSubscriptionsByTopic","SNS:Publish"],"Resource":"TOPIC",\
      "Condition":{"StringEquals":{"AWS:SourceOwner":"OWNER"}}}]}\
      """;

  private DefaultPolicies() {}

  /** The policy of the topic of that ARN: its owner may do everything. */
  static String topic(String arn, String owner) {
    return TOPIC.replace("OWNER", owner).replace("TOPIC", arn);
  }
}
