package io.sluice.aws;

import java.util.Optional;

/**
 * What the listener hands to whoever asks for it by GET, such as the certificate that SNS's
 * messages are signed with. Called by many threads at once.
 */
@FunctionalInterface
public interface PublicDocuments {

  /** None at all. */
  PublicDocuments NONE = path -> Optional.empty();

  /**
   * The text that lies there, if any.
   *
   * @param path of the URL, with its first slash
   */
  Optional<String> at(String path);
}
