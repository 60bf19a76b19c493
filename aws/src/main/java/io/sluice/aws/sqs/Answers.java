package io.sluice.aws.sqs;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is common to answers. */
final class Answers {

  private Answers() {}

  /**
   * A list of an answer. Amazon leaves an empty one out of it, and in some SDKs a list that is not
   * there is something else than one without elements ({@code null} in .NET and JavaScript, no key
   * in Python).
   */
  static <E> @Nullable List<E> unlessEmpty(List<E> list) {
    return list.isEmpty() ? null : list;
  }
}
