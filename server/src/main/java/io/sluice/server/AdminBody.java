package io.sluice.server;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.helidon.webserver.http.ServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** The JSON object that a request to the admin port carries. */
final class AdminBody {

  static final int MAX_BYTES = 64 * 1024;

  private static final JsonFactory JSON = new JsonFactory();

  private AdminBody() {}

  /** More bytes than a body may have. */
  static final class TooLargeException extends Exception {
    private static final long serialVersionUID = 1L;
  }

  static boolean isJson(ServerRequest request) {
    return request
        .headers()
        .contentType()
        .map(type -> type.mediaType().text().equalsIgnoreCase("application/json"))
        .orElse(false);
  }

  /**
   * The object's members that are text or numbers, as text; an object mapper would cost each start.
   *
   * @throws IOException it is no JSON
   */
  static Map<String, String> members(ServerRequest request) throws TooLargeException, IOException {
    Map<String, String> members = new HashMap<>();
    try (JsonParser json = JSON.createParser(text(request))) {
      if (json.nextToken() == JsonToken.START_OBJECT) {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
          String name = json.currentName();
          JsonToken value = json.nextToken();
          if (value == JsonToken.VALUE_STRING || value == JsonToken.VALUE_NUMBER_INT) {
            members.put(name, json.getText());
          } else {
            members.remove(name);
          }
          json.skipChildren();
        }
      } else {
        json.skipChildren();
      }
      if (json.nextToken() != null) {
        throw new JsonParseException(json, "more than one value");
      }
    }
    return members;
  }

  /**
   * Reads the body to its end, also one that is refused: a client that is still sending when the
   * connection is closed would not read the refusal.
   */
  private static String text(ServerRequest request) throws TooLargeException, IOException {
    if (!request.content().hasEntity()) {
      return "";
    }
    try {
      InputStream in = request.content().inputStream();
      byte[] body = in.readNBytes(MAX_BYTES + 1);
      if (body.length > MAX_BYTES) {
        in.transferTo(OutputStream.nullOutputStream());
        throw new TooLargeException();
      }
      return new String(body, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new IOException("a chunk of the body has no length", e);
    }
  }
}
