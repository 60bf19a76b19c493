package io.sluice.aws.sns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sluice.aws.testing.EmbeddedServices;
import io.sluice.aws.testing.Refused;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.sns.model.MessageAttributeValue;

/**
 * Filter policies from subscribing to receiving. What matches is Amazon's "String value matching",
 * "Numeric value matching", "Key matching", "AND/OR logic" and "Filter policy constraints"; the
 * sentences are those that LocalStack has recorded of Amazon.
 */
final class FilterPoliciesTest {

  @RegisterExtension final EmbeddedServices services = new EmbeddedServices();
  private String topic;
  private String queue;

  @BeforeEach
  void start() {
    topic = services.topic("orders");
    queue = services.queue("dispatch");
  }

  private String subscribe(Map<String, String> attributes) {
    Map<String, String> all = new TreeMap<>(attributes);
    all.put("RawMessageDelivery", "true");
    return services.subscribe(topic, "dispatch", all);
  }

  private void set(String arn, String name, String value) {
    services
        .sns()
        .setSubscriptionAttributes(
            r -> r.subscriptionArn(arn).attributeName(name).attributeValue(value));
  }

  private Map<String, String> attributes(String arn) {
    return services.sns().getSubscriptionAttributes(r -> r.subscriptionArn(arn)).attributes();
  }

  private void publish(String message, Map<String, MessageAttributeValue> attributes) {
    services.sns().publish(r -> r.topicArn(topic).message(message).messageAttributes(attributes));
  }

  private List<String> received() {
    return services.receiveNow(queue);
  }

  private static String json(String text) {
    return text.replace('\'', '"');
  }

  /** {@code Type:value}, or nothing for no attribute. */
  private static Map<String, MessageAttributeValue> attribute(String text) {
    if (text == null) {
      return Map.of();
    }
    String type = text.substring(0, text.indexOf(':'));
    String value = json(text.substring(text.indexOf(':') + 1));
    MessageAttributeValue.Builder attribute = MessageAttributeValue.builder().dataType(type);
    return Map.of(
        "a",
        type.startsWith("Binary")
            ? attribute.binaryValue(SdkBytes.fromUtf8String(value)).build()
            : attribute.stringValue(value).build());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "['x'] | String:x | true",
        "['x'] | String:X | false",
        "['x','y'] | String:y | true",
        "['x'] | | false",
        "['5'] | Number:5 | false",
        "[5] | String:5 | false",
        "[5] | Number:5 | true",
        "[5] | Number:5.0 | true",
        "[5.5] | Number:5.50 | true",
        "[300] | Number:3e2 | true",
        "['x'] | String.Array:['y','x'] | true",
        "['x'] | String.Array:['y','z'] | false",
        "['x'] | String.Array:[] | false",
        "['x'] | String.Array:x | false",
        "['x'] | String.Array:{'x':'x'} | false",
        "[5] | String.Array:['y',5] | true",
        "[true] | String.Array:[true] | true",
        "[true] | String.Array:['true'] | false",
        "[false] | String.Array:[true] | false",
        "[null] | String.Array:[null] | true",
        "[null] | String.Array:['null'] | false",
        "[null] | | false",
        "['x'] | String.label:x | true",
        "['x'] | Binary:x | false",
        "[{'prefix':'ab'}] | String:abc | true",
        "[{'prefix':'ab'}] | String:xab | false",
        "[{'prefix':'1'}] | Number:12 | false",
        "[{'prefix':'ab'}] | String.Array:['x','abc'] | true",
        "[{'suffix':'bc'}] | String:abc | true",
        "[{'suffix':'bc'}] | String:bcd | false",
        "[{'wildcard':'a*c'}] | String:abbbc | true",
        "[{'wildcard':'a*c'}] | String:ac | true",
        "[{'wildcard':'a*c'}] | String:acd | false",
        "[{'equals-ignore-case':'Tennis'}] | String:tENNIS | true",
        "[{'equals-ignore-case':'Tennis'}] | String:table-tennis | false",
        "[{'anything-but':'x'}] | String:y | true",
        "[{'anything-but':'x'}] | String:x | false",
        "[{'anything-but':'x'}] | | false",
        "[{'anything-but':['x','y']}] | String:y | false",
        "[{'anything-but':['x','y']}] | String:z | true",
        "[{'anything-but':['x','y']}] | String.Array:['x','z'] | true",
        "[{'anything-but':['x','y']}] | String.Array:['x','y'] | false",
        "[{'anything-but':[1,2]}] | Number:1 | false",
        "[{'anything-but':[1,2]}] | Number:3 | true",
        "[{'anything-but':{'prefix':'ab'}}] | String:abc | false",
        "[{'anything-but':{'prefix':'ab'}}] | String:bc | true",
        "[{'anything-but':{'prefix':['ab','b']}}] | String:bc | false",
        "[{'anything-but':{'suffix':'bc'}}] | String:abc | false",
        "[{'anything-but':{'suffix':'bc'}}] | String:ab | true",
        "[{'anything-but':{'wildcard':'a*c'}}] | String:abc | false",
        "[{'anything-but':{'wildcard':'a*c'}}] | String:ab | true",
        "[{'anything-but':{'equals-ignore-case':'ab'}}] | String:AB | false",
        "[{'anything-but':{'equals-ignore-case':['ab','cd']}}] | String:x | true",
        "[{'anything-but':'x'}] | Binary:y | false",
        "[{'numeric':['=',301.5]}] | Number:301.50 | true",
        "[{'numeric':['=',301.5]}] | Number:3.015e2 | true",
        "[{'numeric':['=',301.5]}] | Number:-301.5 | false",
        "[{'numeric':['<',0]}] | Number:-1 | true",
        "[{'numeric':['<',0]}] | Number:0 | false",
        "[{'numeric':['>',0,'<=',150]}] | Number:150 | true",
        "[{'numeric':['>',0,'<=',150]}] | Number:0 | false",
        "[{'numeric':['>',0,'<=',150]}] | Number:150.00001 | false",
        "[{'numeric':['>=',-1e9,'<',1e9]}] | Number:-1000000000 | true",
        "[{'numeric':['>',0]}] | String:5 | false",
        "[{'numeric':['>',0]}] | String.Array:[-1,5] | true",
        "[{'numeric':['>',0]}] | Number:1e999 | false",
        "[{'exists':true}] | String:x | true",
        "[{'exists':true}] | Binary:x | true",
        "[{'exists':true}] | Number:1 | true",
        "[{'exists':true}] | | false",
        "[{'exists':false}] | | true",
        "[{'exists':false}] | String:x | false",
        "[{'exists':false}] | Binary:x | false",
        "[{'cidr':'10.0.0.0/24'}] | String:10.0.0.255 | true",
        "[{'cidr':'10.0.0.0/24'}] | String:10.0.1.0 | false",
        "[{'cidr':'10.0.0.0/24'}] | String:here | false",
        "[{'cidr':'2001:db8::/96'}] | String:2001:db8::7 | true",
        "['x',{'prefix':'a'},{'numeric':['>',7]}] | Number:8 | true",
        "['x',{'prefix':'a'},{'numeric':['>',7]}] | String:b | false"
      })
  void a_value_of_an_attribute_matches_or_not(String values, String attribute, boolean matches) {
    subscribe(Map.of("FilterPolicy", json("{'a':" + values + "}")));
    publish("m", attribute(attribute));

    assertEquals(matches ? List.of("m") : List.of(), received());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'a':['x']} | {'a':'x'} | true",
        "{'a':['x']} | {'a':['y','x']} | true",
        "{'a':['x']} | {'a':'y','b':'x'} | false",
        "{'a':['x']} | x | false",
        "{'a':['x']} | 'x' | false",
        "{'a':['x']} | ['x'] | false",
        "{'a':['x']} | {'a':'x' | false",
        "{'a':[true]} | {'a':true} | true",
        "{'a':[true]} | {'a':'true'} | false",
        "{'a':[null]} | {'a':null} | true",
        "{'a':[null]} | {} | false",
        "{'a':[5]} | {'a':5.0} | true",
        "{'a':{'b':['x']}} | {'a':{'b':'x'}} | true",
        "{'a':{'b':['x']}} | {'a':{'c':'x'}} | false",
        "{'a':{'b':['x']}} | {'a.b':'x'} | true",
        "{'a.b':['x']} | {'a':{'b':'x'}} | true",
        "{'a':['x'],'b':['y']} | {'a':'x','b':'y'} | true",
        "{'a':['x'],'b':['y']} | {'a':'x'} | false",
        "{'a':['x'],'b':[{'exists':false}]} | {'a':'x'} | true",
        "{'a':['x'],'b':[{'exists':false}]} | {'a':'x','b':1} | false",
        "{'o':{'k':[{'prefix':'auto-'},'v'],'n':[{'exists':false}]},'t':[{'exists':false}]}"
            + " | {'o':{'k':'auto-1'}} | true",
        "{'o':{'k':[{'prefix':'auto-'},'v'],'n':[{'exists':false}]},'t':[{'exists':false}]}"
            + " | {'o':{'k':'auto-1','n':1}} | false",
        "{'$or':[{'a':['x']},{'b':['y']}]} | {'b':'y'} | true",
        "{'$or':[{'a':['x']},{'b':['y']}]} | {'a':'y','b':'x'} | false",
        "{'s':['1'],'$or':[{'a':['x']},{'b':['y'],'c':['z']}]} | {'s':'1','b':'y','c':'z'} | true",
        "{'s':['1'],'$or':[{'a':['x']},{'b':['y'],'c':['z']}]} | {'s':'1','b':'y'} | false",
        "{'s':['1'],'$or':[{'a':['x']},{'b':['y'],'c':['z']}]} | {'s':'2','a':'x'} | false",
        "{'d':{'$or':[{'a':['x']},{'b':['y']}]}} | {'d':{'b':'y'}} | true",
        "{'R':{'s3':{'key':[{'prefix':'auto-'}]},'e':[{'prefix':'Created:'}]}}"
            + " | {'R':[{'e':'Created:Put','s3':{'key':'auto-1'}}]} | true",
        "{'R':{'s3':{'key':[{'prefix':'auto-'}]},'e':[{'prefix':'Created:'}]}}"
            + " | {'R':[{'e':'Removed','s3':{'key':'auto-1'}},{'e':'Created:','s3':{'key':'x'}}]}"
            + " | false",
        "{'ip':[{'cidr':'10.0.0.0/8'}]} | {'ip':'10.1.2.3'} | true",
        "{'p':[{'numeric':['>',0,'<=',150]}]} | {'p':[7000,100]} | true"
      })
  void a_body_matches_or_not(String policy, String body, boolean matches) {
    subscribe(Map.of("FilterPolicy", json(policy), "FilterPolicyScope", "MessageBody"));
    publish(json(body), Map.of());

    assertEquals(matches ? List.of(json(body)) : List.of(), received());
  }

  @Test
  void every_key_must_match() {
    subscribe(Map.of("FilterPolicy", json("{'a':['x'],'b':[{'numeric':['>',5]}]}")));
    MessageAttributeValue x =
        MessageAttributeValue.builder().dataType("String").stringValue("x").build();
    publish(
        "both",
        Map.of(
            "a",
            x,
            "b",
            MessageAttributeValue.builder().dataType("Number").stringValue("6").build()));
    publish("one", Map.of("a", x));

    assertEquals(List.of("both"), received());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'key':[['value']]} | Match value must be String, number, true, false, or null",
        "{'key':[{'wrong-operator':true}]} | Unrecognized match type wrong-operator",
        "{'key':[{'suffix':'a','prefix':'b'}]} | Only one key allowed in match expression",
        "{'key':[]} | Empty arrays are not allowed",
        "{'key':[{'suffix':100}]} | suffix match pattern must be a string",
        "{'key':[{'suffix':['a']}]} | suffix match pattern must be a string",
        "{'key':{'suffix':'value'}} | \"suffix\" must be an object or an array",
        "{'key':'value'} | \"key\" must be an object or an array",
        "{'key':[{'cidr':['x']}]} | prefix match pattern must be a string",
        "{'key':[{'numeric':[]}]} | Invalid member in numeric match: ]",
        "{'key':[{'numeric':['operator']}]} | Unrecognized numeric range operator: operator",
        "{'key':[{'numeric':[1,'<=']}]} | Invalid member in numeric match: 1",
        "{'key':[{'numeric':['=','000']}]} | Value of equals must be numeric",
        "{'key':[{'numeric':['>=']}]} | Value of >= must be numeric",
        "{'key':[{'numeric':['<',100,'>',10]}]} | Too many elements in numeric expression",
        "{'key':[{'numeric':['>=',1,'>',2]}]} | Bad numeric range operator: >",
        "{'key':[{'numeric':['>',3,'<',1]}]} | Bottom must be less than top",
        "{'key':[{'numeric':['>',20,30]}]} | Bad value in numeric range: 30",
        "{'key':[{'numeric':['>',20,'<',30,'<',50]}]} | Too many terms in numeric range expression",
        "{'key':[{'exists':null}]} | exists match pattern must be either true or false.",
        "{'key':[{'anything-but':{'exists':false}}]} | Unsupported anything-but pattern: exists"
      })
  void what_is_no_policy_is_refused_in_amazons_words(String policy, String message) {
    String start =
        "Invalid parameter: Attributes Reason: FilterPolicy: " + message + "\n at [Source: ";

    String refused =
        assertThrows(
                software.amazon.awssdk.services.sns.model.InvalidParameterException.class,
                () -> subscribe(Map.of("FilterPolicy", json(policy))))
            .awsErrorDetails()
            .errorMessage();

    assertEquals(start, refused.substring(0, Math.min(start.length(), refused.length())));
  }

  private void refused(String message, Map<String, String> attributes) {
    Refused.with(
        "InvalidParameter",
        "Invalid parameter: Attributes Reason: " + message,
        () -> subscribe(attributes));
  }

  @Test
  void an_address_that_is_none_is_refused() {
    refused(
        "FilterPolicy: Malformed CIDR, one '/' required",
        Map.of("FilterPolicy", json("{'key':[{'cidr':'bad'}]}")));
    refused(
        "FilterPolicy: Nonstandard IP address: bad",
        Map.of("FilterPolicy", json("{'key':[{'cidr':'bad/24'}]}")));
    refused(
        "FilterPolicy: Malformed CIDR, mask bits must be an integer",
        Map.of("FilterPolicy", json("{'key':[{'cidr':'10.0.0.0/x'}]}")));
  }

  @Test
  void what_is_no_json_is_refused_with_its_place() {
    refused(
        "FilterPolicy: failed to parse JSON. Unexpected character ('i' (code 105)): was expecting"
            + " double-quote to start field name\n at [Source: REDACTED"
            + " (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); line: 1, column: 2]",
        Map.of("FilterPolicy", "{invalidjson}"));
    refused("FilterPolicy: Filter is not an object", Map.of("FilterPolicy", "[]"));
  }

  @Test
  void a_policy_has_limits() {
    refused(
        "FilterPolicy: Filter policy can not have more than 5 keys",
        Map.of("FilterPolicy", json("{'a':[1],'b':[1],'c':[1],'d':[1],'e':[1],'f':[1]}")));
    refused("FilterPolicy: Filter policy is too complex", Map.of("FilterPolicy", values(151)));
    refused(
        "FilterPolicy: Filter policy is too complex",
        Map.of(
            "FilterPolicy",
            json("{'a':{'b':{'c':[1,2,3,4]}},'d':{'e':[1,2,3]},'f':[1,2,3]}"),
            "FilterPolicyScope",
            "MessageBody"));
    refused(
        "FilterPolicy: Filter policy is too complex",
        Map.of("FilterPolicy", json("{'a':[{'wildcard':'*1*2*3*4*5*6*7*8*9*a*b*c*d*e*f*'}]}")));
    refused(
        "FilterPolicy: Filter policy is too long",
        Map.of("FilterPolicy", json("{'a':['" + "x".repeat(262_144) + "']}")));

    subscribe(Map.of("FilterPolicy", values(150)));
  }

  private static String values(int count) {
    StringBuilder values = new StringBuilder("0");
    for (int i = 1; i < count; i++) {
      values.append(',').append(i);
    }
    return json("{'a':[" + values + "]}");
  }

  @Test
  void only_a_body_has_nested_keys() {
    String nested = json("{'object':{'key':[{'prefix':'auto-'}]}}");
    String message = "Filter policy scope MessageAttributes does not support nested filter policy";
    refused(message, Map.of("FilterPolicy", nested));

    String arn = subscribe(Map.of("FilterPolicy", nested, "FilterPolicyScope", "MessageBody"));
    Refused.with(
        "InvalidParameter",
        "Invalid parameter: " + message,
        () -> set(arn, "FilterPolicyScope", "MessageAttributes"));
    assertEquals("MessageBody", attributes(arn).get("FilterPolicyScope"));
  }

  @Test
  void a_scope_is_shown_with_a_policy_only() {
    String arn = subscribe(Map.of());
    assertEquals(null, attributes(arn).get("FilterPolicyScope"));
    set(arn, "FilterPolicyScope", "MessageBody");
    assertEquals(null, attributes(arn).get("FilterPolicyScope"));
    Refused.with(
        "InvalidParameter",
        "Invalid parameter: FilterPolicyScope: Invalid value [RandomValue]. Please use either"
            + " MessageBody or MessageAttributes",
        () -> set(arn, "FilterPolicyScope", "RandomValue"));

    set(arn, "FilterPolicy", json("{'attr':['match-this']}"));
    assertEquals("MessageBody", attributes(arn).get("FilterPolicyScope"));
    assertEquals(json("{'attr':['match-this']}"), attributes(arn).get("FilterPolicy"));
  }

  @Test
  void a_policy_without_a_scope_is_about_attributes() {
    String arn = subscribe(Map.of("FilterPolicy", json("{'a':['x']}")));

    assertEquals("MessageAttributes", attributes(arn).get("FilterPolicyScope"));
  }

  @Test
  void an_empty_policy_removes_it() {
    String arn = subscribe(Map.of("FilterPolicy", json("{'a':['x']}")));
    publish("1", Map.of());
    set(arn, "FilterPolicy", "{}");
    assertEquals(null, attributes(arn).get("FilterPolicy"));
    publish("2", Map.of());
    set(arn, "FilterPolicy", json("{'a':['x']}"));
    publish("3", Map.of());
    set(arn, "FilterPolicy", "");
    publish("4", Map.of());
    services.restart();

    assertEquals(List.of("2", "4"), received());
    assertEquals(
        "0",
        services
            .sqs()
            .getQueueAttributes(
                r -> r.queueUrl(queue).attributeNamesWithStrings("ApproximateNumberOfMessages"))
            .attributesAsStrings()
            .get("ApproximateNumberOfMessages"));
  }

  @Test
  void subscribing_again_with_another_policy_is_refused() {
    Map<String, String> policy = Map.of("FilterPolicy", json("{'a':['x']}"));
    String arn = subscribe(policy);

    assertEquals(arn, subscribe(policy));
    assertEquals(
        arn,
        subscribe(
            Map.of("FilterPolicy", json("{'a':['x']}"), "FilterPolicyScope", "MessageAttributes")));
    refused(
        "Subscription already exists with different attributes",
        Map.of("FilterPolicy", json("{'a':['y']}")));
  }

  @Test
  void too_many_policies_before_a_receive_are_refused() {
    String arn = subscribe(Map.of());
    String code =
        assertThrows(
                software.amazon.awssdk.services.sns.model.FilterPolicyLimitExceededException.class,
                () -> {
                  for (int i = 0; i < 100; i++) {
                    publish("m", Map.of());
                    set(arn, "FilterPolicy", json("{'a':[" + i + "]}"));
                  }
                })
            .awsErrorDetails()
            .errorCode();

    assertEquals("FilterPolicyLimitExceeded", code);
  }

  @Test
  void a_replay_is_judged_by_the_present_policy() {
    String arn = subscribe(Map.of("FilterPolicy", json("{'a':['x']}")));
    publish("1", Map.of());
    set(arn, "FilterPolicy", json("{'a':[{'exists':false}]}"));
    assertEquals(List.of(), received());
    set(
        arn,
        "ReplayPolicy",
        json("{'PointType':'Timestamp','StartingPoint':'2020-01-01T00:00:00.000Z'}"));

    assertEquals(List.of("1"), received());
  }

  @Test
  void headers_of_a_kafka_record_are_attributes() {
    subscribe(Map.of("FilterPolicy", json("{'a':['x']}")));
    services.publishRecord(
        "orders",
        null,
        new byte[] {'m'},
        new org.apache.kafka.common.header.internals.RecordHeader("a", new byte[] {'x'}));
    services.publishRecord("orders", null, new byte[] {'n'});

    assertEquals(List.of("m"), received());
  }

  @Test
  void a_body_made_to_be_hard_to_judge_is_not() {
    subscribe(
        Map.of(
            "FilterPolicy",
            json("{'a':[{'prefix':'x'}],'b':[{'prefix':'x'}],'c':['y']}"),
            "FilterPolicyScope",
            "MessageBody"));
    String many = "'x'" + ",'x'".repeat(20_000);
    publish(json("{'a':[" + many + "],'b':[" + many + "],'c':'x'}"), Map.of());
    publish(json("{'a':'x','b':'x','c':'y'}"), Map.of());

    assertEquals(List.of(json("{'a':'x','b':'x','c':'y'}")), received());
  }
}
