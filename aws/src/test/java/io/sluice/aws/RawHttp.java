package io.sluice.aws;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A connection on which a test writes what it likes and reads what comes back. */
final class RawHttp implements AutoCloseable {

  /** A response. */
  record Response(int status, Map<String, String> headers, String body) {}

  private final Socket socket;
  private final InputStream in;

  RawHttp(AwsListener listener) throws IOException {
    this.socket = new Socket(InetAddress.getLoopbackAddress(), listener.port());
    this.socket.setSoTimeout(20_000);
    this.in = new BufferedInputStream(socket.getInputStream());
  }

  static Response exchange(AwsListener listener, String request) throws IOException {
    try (RawHttp http = new RawHttp(listener)) {
      return http.send(request).response();
    }
  }

  /** A POST of a form, signed for nobody. */
  static String form(String path, String body) {
    return post(path, "Content-Type: application/x-www-form-urlencoded", body);
  }

  /** A call of the JSON protocol. */
  static String json(String target, String body) {
    return post("/", "Content-Type: application/x-amz-json-1.0\r\nX-Amz-Target: " + target, body);
  }

  static String post(String path, String headers, String body) {
    return "POST %s HTTP/1.1\r\nHost: sqs.test:4566\r\n%s\r\nContent-Length: %d\r\n\r\n%s"
        .formatted(path, headers, body.getBytes(UTF_8).length, body);
  }

  static String get(String pathAndQuery, String... headers) {
    String lines = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
    return "GET " + pathAndQuery + " HTTP/1.1\r\nHost: sqs.test:4566\r\n" + lines + "\r\n";
  }

  RawHttp send(String text) throws IOException {
    return send(text.getBytes(UTF_8));
  }

  RawHttp send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
    return this;
  }

  Response response() throws IOException {
    String status = line();
    if (!status.startsWith("HTTP/1.1 ")) {
      throw new IOException("no response: '" + status + "'");
    }
    Map<String, String> headers = new TreeMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    return new Response(
        Integer.parseInt(status.substring(9, 12)),
        headers,
        new String(in.readNBytes(length), UTF_8));
  }

  /** True when the other side has ended the connection. */
  boolean isEnded() throws IOException {
    try {
      return in.read() < 0;
    } catch (SocketException e) {
      return true;
    }
  }

  String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
      if (b != '\r') {
        line.write(b);
      }
    }
    return line.toString(ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
