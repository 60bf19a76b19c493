package io.sluice.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.aws.message.Json;
import io.sluice.aws.signature.MessageSigner;
import io.sluice.aws.sns.SnsOptions;
import io.sluice.aws.sns.SnsService;
import io.sluice.aws.testing.EmbeddedServices;
import io.sluice.aws.testing.HttpEndpoint;
import io.sluice.aws.testing.HttpEndpoint.Post;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.sns.SnsClient;

/** The URLs in what is posted to an endpoint, visited as an endpoint does: a GET, not signed. */
class HttpSubscriptionOverHttpTest {

  private final HttpEndpoint endpoint = new HttpEndpoint();
  private final HttpClient browser = HttpClient.newHttpClient();
  @RegisterExtension final EmbeddedServices services = new EmbeddedServices();
  private SnsService service;
  private AwsListener listener;
  private SnsClient sns;
  private String topic;

  @BeforeEach
  void open() {
    MessageSigner signer = new MessageSigner(services.broker().directory(), services.clock());
    service = new SnsService(services.broker(), signer, SnsOptions.DEFAULTS);
    listener =
        AwsListener.start(
            AwsListenerOptions.DEFAULTS.at("127.0.0.1", 0),
            List.of(AwsService.of(SnsClient.class, service)),
            signer::certificate);
    sns = SdkClients.sns(listener.endpoint());
    topic = sns.createTopic(r -> r.name("orders")).topicArn();
  }

  @AfterEach
  void close() {
    sns.close();
    listener.close();
    service.close();
    endpoint.close();
    browser.close();
  }

  @Test
  void visiting_them_confirms_fetches_the_certificate_ends_and_restores() throws Exception {
    sns.subscribe(r -> r.topicArn(topic).protocol("http").endpoint(endpoint.url("/orders")));
    Map<String, @Nullable Object> asked = Json.object(endpoint.next().body());

    HttpResponse<String> certificate = visit(asked.get("SigningCertURL"));
    assertEquals(200, certificate.statusCode());
    assertTrue(certificate.body().startsWith("-----BEGIN CERTIFICATE-----"), certificate::body);
    assertTrue(!certificate.body().contains("PRIVATE"));
    assertEquals(404, visit(listener.endpoint() + "/SimpleNotificationService-0.pem").statusCode());

    HttpResponse<String> confirmed = visit(asked.get("SubscribeURL"));
    assertEquals(200, confirmed.statusCode());
    assertTrue(confirmed.body().contains("<SubscriptionArn>" + topic + ":"), confirmed::body);

    sns.publish(r -> r.topicArn(topic).message("a"));
    Map<String, @Nullable Object> notification = Json.object(endpoint.next().body());
    assertEquals(200, visit(notification.get("UnsubscribeURL")).statusCode());
    Post told = endpoint.next();
    assertEquals("UnsubscribeConfirmation", told.type());

    assertEquals(200, visit(Json.object(told.body()).get("SubscribeURL")).statusCode());
    sns.publish(r -> r.topicArn(topic).message("b"));
    assertEquals("b", Json.object(endpoint.next().body()).get("Message"));
  }

  @Test
  void a_token_that_is_wrong_is_an_error_in_xml() throws Exception {
    HttpResponse<String> refused =
        visit(listener.endpoint() + "/?Action=ConfirmSubscription&TopicArn=" + topic + "&Token=x");

    assertEquals(400, refused.statusCode());
    assertTrue(refused.body().contains("<Code>InvalidParameter</Code>"), refused::body);
    assertTrue(
        refused.body().contains("<Message>Invalid parameter: Token</Message>"), refused::body);
  }

  private HttpResponse<String> visit(@Nullable Object url) throws Exception {
    return browser.send(
        HttpRequest.newBuilder(URI.create(String.valueOf(url))).build(), BodyHandlers.ofString());
  }
}
