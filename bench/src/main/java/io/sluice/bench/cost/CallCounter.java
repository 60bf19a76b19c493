package io.sluice.bench.cost;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sluice.bench.cost.Calls.Operation;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;
import software.amazon.awssdk.services.sns.model.PublishBatchRequest;
import software.amazon.awssdk.services.sns.model.PublishBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageResponse;

/** Counts what clients of the AWS SDK send, each repetition too. Safe for use by many threads. */
public final class CallCounter implements ExecutionInterceptor {

  private final Map<Operation, Usage> usage = new HashMap<>();

  @Override
  public void beforeTransmission(Context.BeforeTransmission context, ExecutionAttributes about) {
    add(about, request(context.request()));
  }

  @Override
  public void afterExecution(Context.AfterExecution context, ExecutionAttributes about) {
    if (context.response() instanceof ReceiveMessageResponse received) {
      long bytes = received.messages().stream().mapToLong(CallCounter::bytes).sum();
      add(about, Usage.answer(received.messages().size(), bytes));
    }
  }

  private synchronized void add(ExecutionAttributes about, Usage more) {
    Operation operation =
        new Operation(
            about.getAttribute(SdkExecutionAttribute.SERVICE_NAME),
            about.getAttribute(SdkExecutionAttribute.OPERATION_NAME));
    usage.merge(operation, more, Usage::and);
  }

  private static Usage request(SdkRequest request) {
    return request instanceof PublishBatchRequest publish
        ? Usage.request(
            publish.publishBatchRequestEntries().size(),
            publish.publishBatchRequestEntries().stream().mapToLong(CallCounter::bytes).sum())
        : Usage.request(0, 0);
  }

  private static long bytes(PublishBatchRequestEntry entry) {
    long bytes = utf8(entry.message());
    for (var attribute : entry.messageAttributes().entrySet()) {
      var value = attribute.getValue();
      bytes += utf8(attribute.getKey());
      bytes += bytes(value.dataType(), value.stringValue(), value.binaryValue());
    }
    return bytes;
  }

  private static long bytes(Message message) {
    long bytes = utf8(message.body());
    for (var attribute : message.messageAttributes().entrySet()) {
      var value = attribute.getValue();
      bytes += utf8(attribute.getKey());
      bytes += bytes(value.dataType(), value.stringValue(), value.binaryValue());
    }
    return bytes;
  }

  private static long bytes(String type, @Nullable String text, @Nullable SdkBytes binary) {
    return utf8(type)
        + (text == null ? 0 : utf8(text))
        + (binary == null ? 0 : binary.asByteArrayUnsafe().length);
  }

  private static long utf8(String text) {
    return text.getBytes(UTF_8).length;
  }

  /** What was sent so far. */
  public synchronized Calls calls() {
    return new Calls(usage);
  }
}
