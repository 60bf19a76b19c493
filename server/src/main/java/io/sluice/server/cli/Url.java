package io.sluice.server.cli;

import java.net.URI;
import java.net.URISyntaxException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads an option that is the URL of an HTTP port. */
final class Url implements ITypeConverter<URI> {

  @Override
  public URI convert(String text) {
    try {
      URI url = new URI(text);
      boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
      if (http && url.getHost() != null) {
        return url;
      }
    } catch (URISyntaxException e) {
      // Falls through to the message that says what would be right.
    }
    throw new TypeConversionException("'" + text + "' is not a URL such as http://127.0.0.1:4566");
  }
}
