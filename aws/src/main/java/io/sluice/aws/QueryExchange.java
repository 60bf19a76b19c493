package io.sluice.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPojo;

/**
 * The AWS Query protocol: parameters in a form or behind the URL's question mark, answers in XML.
 * SQS also takes requests at a queue's own URL ("Making Query API requests using the AWS Query
 * protocol in Amazon SQS").
 */
final class QueryExchange implements Exchange {

  /** Where nothing tells whose error it is: the namespace of Amazon's front ends. */
  private static final String FAULT_NAMESPACE = "http://webservices.amazon.com/AWSFault/2005-15-09";

  /** The path of a queue's URL, account and name; Amazon's own samples end it with a slash. */
  private static final Pattern RESOURCE = Pattern.compile("(/[0-9]{12}/[^/]+)/?");

  private final Services services;
  private final Request request;
  private final String requestId;
  private final QueryNode parameters = new QueryNode();
  private final @Nullable String resource;
  private @Nullable CredentialScope scope;
  private @Nullable Service service;

  QueryExchange(Services services, Request request, String requestId) {
    this.services = services;
    this.request = request;
    this.requestId = requestId;
    this.resource = resource(request.path());
  }

  @Override
  public Operation operation() {
    QueryParameters.parse(request.query().getBytes(UTF_8), parameters);
    QueryParameters.parse(request.body(), parameters);
    String action = parameters.parameter("Action");
    if (action == null) {
      throw new WireError(
              WireError.CORAL + "MissingAction",
              "MissingAction",
              400,
              "The request must contain the parameter Action.")
          .rejection();
    }
    scope = CredentialScope.of(request.authorization(), parameters.parameter("X-Amz-Credential"));
    Service found =
        services.byQuery(action, scope, parameters.parameter("Version"), resource != null);
    service = found;
    return found
        .operation(action)
        .filter(operation -> resource == null || resourceMember(operation).isPresent())
        .orElseThrow(() -> Service.invalidAction(action).rejection());
  }

  @Override
  public @Nullable CredentialScope scope() {
    return scope;
  }

  @Override
  public SdkPojo read(Operation operation) {
    if (resource != null) {
      resourceMember(operation)
          .map(parameters::childOrNew)
          .filter(url -> url.value().isEmpty())
          .ifPresent(url -> url.value("http://" + request.host() + resource));
    }
    SdkPojo pojo = QueryReader.read(operation.request(), parameters);
    RequiredMembers.check(operation, pojo, true);
    return pojo;
  }

  @Override
  public Reply answer(Operation operation, SdkPojo response) {
    ServiceModel model = operation.service().model();
    Shape shape = operation.response();
    boolean hasResult = shape.members().length > 0 || model.hasEmptyResult(operation.name());
    return Reply.ok(
        Reply.XML,
        requestId,
        XmlWriter.write(
            operation.name(), model.namespace(), hasResult, shape, response, requestId));
  }

  @Override
  public Reply error(WireError error) {
    Service known = service;
    String namespace = known == null ? FAULT_NAMESPACE : known.model().namespace();
    boolean hasDetail = known != null && known.model().hasErrorDetail();
    return new Reply(
        error.status(),
        Reply.XML,
        requestId,
        null,
        XmlWriter.writeError(error, namespace, hasDetail, requestId));
  }

  private static @Nullable String resource(String path) {
    if (path.length() <= 1) {
      return null;
    }
    Matcher matcher = RESOURCE.matcher(path);
    return matcher.matches() ? matcher.group(1) : null;
  }

  private Optional<String> resourceMember(Operation operation) {
    return operation
        .service()
        .model()
        .resourceMember()
        .filter(name -> operation.request().member(name) != null);
  }
}
