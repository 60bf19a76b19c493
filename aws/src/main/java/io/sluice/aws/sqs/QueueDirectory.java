package io.sluice.aws.sqs;

import io.sluice.aws.CallContext;
import io.sluice.aws.message.FifoNames;
import io.sluice.broker.Queue;
import io.sluice.broker.Queues;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds queues by what clients call them. */
final class QueueDirectory {

  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_-]+");
  private static final Pattern ACCOUNT = Pattern.compile("[0-9]{12}");

  private final Queues queues;

  QueueDirectory(Queues queues) {
    this.queues = queues;
  }

  /** Whether a queue may have that name. */
  static boolean isLegalName(String name) {
    return name.length() <= SqsLimits.QUEUE_NAME_LENGTH
        && NAME.matcher(FifoNames.withoutSuffix(name)).matches();
  }

  /** The URL of the queue of that name, on the endpoint that the caller used. */
  static String url(String name) {
    CallContext context = CallContext.current();
    return context.endpoint() + "/" + context.accountId() + "/" + name;
  }

  /**
   * The queue of a {@code QueueUrl}. Only the end of its path counts, the account and the name, so
   * that a URL made for another host, or a bare name, finds its queue too.
   */
  Queue byUrl(@Nullable String url) {
    if (url == null) {
      throw SqsErrors.missingParameter("QueueUrl");
    }
    String path = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    int nameAt = path.lastIndexOf('/') + 1;
    String name = path.substring(nameAt);
    if (name.isEmpty()) {
      throw SqsErrors.invalidAddress(url);
    }
    if (nameAt > 0) {
      String parent = path.substring(path.lastIndexOf('/', nameAt - 2) + 1, nameAt - 1);
      checkAccount(parent);
    }
    return byName(name);
  }

  /** The queue of that name. */
  Queue byName(String name) {
    return queues.find(name).orElseThrow(SqsErrors::queueDoesNotExist);
  }

  /** Refuses the account of somebody else. */
  static void checkAccount(String account) {
    if (ACCOUNT.matcher(account).matches()
        && !account.equals(CallContext.current().accountId())
        && !account.equals(CallContext.DEFAULT_ACCOUNT_ID)) {
      throw SqsErrors.queueDoesNotExist();
    }
  }
}
