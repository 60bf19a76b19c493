package io.sluice.aws.message;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An access policy as AddPermission and RemovePermission of SQS and SNS edit it: a JSON object
 * whose statements have their label for {@code Sid}. Owned by one thread.
 */
public final class PolicyDocument {
  private static final String STATEMENT = "Statement";
  private static final String SID = "Sid";

  private final Map<String, @Nullable Object> fields;
  private final List<@Nullable Object> statements;

  /** The policy with these fields; what it holds besides statements is kept. */
  public PolicyDocument(Map<String, @Nullable Object> fields) {
    this.fields = new LinkedHashMap<>(fields);
    this.statements = oneOrMany(fields.get(STATEMENT));
  }

  /**
   * A policy that was stored before, as the text that it was given as.
   *
   * @throws IllegalStateException it is no JSON object
   */
  public static PolicyDocument stored(String text) {
    try {
      return new PolicyDocument(Json.object(text));
    } catch (Json.NotJsonException e) {
      throw new IllegalStateException("a stored policy is no JSON object: " + text, e);
    }
  }

  /** How many statements it has. */
  public int size() {
    return statements.size();
  }

  /** The actions of all statements, in order; what is no text stands there as it is. */
  public List<@Nullable Object> actions() {
    List<@Nullable Object> actions = new ArrayList<>();
    for (Object statement : statements) {
      if (statement instanceof Map<?, ?> parts) {
        actions.addAll(oneOrMany(parts.get("Action")));
      }
    }
    return actions;
  }

  /** Whether a statement has that label. */
  public boolean has(String label) {
    return statements.stream().anyMatch(statement -> isLabelled(statement, label));
  }

  /** Adds a statement that allows accounts some actions on a resource. */
  public void allow(String label, List<String> accountIds, List<String> actions, String resource) {
    Map<String, Object> statement = new LinkedHashMap<>();
    statement.put(SID, label);
    statement.put("Effect", "Allow");
    List<String> principals =
        accountIds.stream().map(id -> "arn:aws:iam::" + id + ":root").toList();
    statement.put("Principal", Map.of("AWS", oneAlone(principals)));
    statement.put("Action", oneAlone(actions));
    statement.put("Resource", resource);
    statements.add(statement);
  }

  /** Removes what has that label; whether there was any. */
  public boolean remove(String label) {
    return statements.removeIf(statement -> isLabelled(statement, label));
  }

  /** As JSON. */
  public String text() {
    fields.put(STATEMENT, statements);
    return Json.text(fields);
  }

  private static boolean isLabelled(@Nullable Object statement, String label) {
    return statement instanceof Map<?, ?> parts && label.equals(parts.get(SID));
  }

  /** Where a policy has several it is a list; one may stand there without. */
  private static List<@Nullable Object> oneOrMany(@Nullable Object value) {
    List<@Nullable Object> values = new ArrayList<>();
    if (value instanceof List<?> several) {
      values.addAll(several);
    } else if (value != null) {
      values.add(value);
    }
    return values;
  }

  private static Object oneAlone(List<String> texts) {
    return texts.size() == 1 ? texts.getFirst() : texts;
  }
}
