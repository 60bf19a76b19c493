package io.sluice.server.demo;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the shop publishes.
 *
 * @param id unique, from 0
 * @param customer the key: orders of one customer stay in order
 * @param sequence counts the customer's orders, from 0
 */
record Order(int id, String customer, int sequence) {

  private static final Pattern JSON =
      Pattern.compile("\\{\"order\":(\\d+),\"customer\":\"([^\"]+)\",\"sequence\":(\\d+)}");

  String toJson() {
    return "{\"order\":" + id + ",\"customer\":\"" + customer + "\",\"sequence\":" + sequence + "}";
  }

  static Order parse(String json) {
    Matcher matcher = JSON.matcher(json);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("not an order: " + json);
    }
    return new Order(
        Integer.parseInt(matcher.group(1)), matcher.group(2), Integer.parseInt(matcher.group(3)));
  }
}
