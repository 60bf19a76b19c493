package io.sluice.aws.sns;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import software.amazon.event.ruler.JsonRuleCompiler;
import software.amazon.event.ruler.Machine;
import software.amazon.event.ruler.MachineComplexityEvaluator;
import software.amazon.event.ruler.MatchType;
import software.amazon.event.ruler.Patterns;

/**
 * A filter policy, compiled by Amazon's own event-ruler. Safe for use by many threads.
 *
 * <p>Its branches are what {@code $or} leaves to choose from. Each key of each branch is a rule of
 * its own, so that judging takes time in proportion to the message: the ruler would try every value
 * of one key with every value of the next. Only where keys may have to match within the same
 * element of an array is the branch compiled as a whole, and asked when each of its keys matches.
 */
final class FilterRules {

  /**
   * One choice.
   *
   * @param rules the names of its keys' rules
   * @param existing those of {@code rules} that ask for nothing but a value, by key
   * @param whole the name of its rule in {@link #wholes}, or empty when there is none
   */
  private record Branch(Set<String> rules, Map<String, String> existing, String whole) {}

  private final Machine keyRules = Machine.builder().build();
  private final Machine wholes = Machine.builder().build();
  private final List<Branch> branches = new ArrayList<>();
  private final Set<String> keys = new TreeSet<>();

  private FilterRules(List<Map<String, List<Patterns>>> choices) {
    for (Map<String, List<Patterns>> choice : choices) {
      add(choice);
    }
  }

  /**
   * Compiles a policy that is JSON.
   *
   * @throws InvalidFilterPolicyException it is no policy
   */
  static FilterRules compile(String policy) throws InvalidFilterPolicyException {
    try {
      return new FilterRules(JsonRuleCompiler.compile(policy));
    } catch (IOException | RuntimeException e) {
      // The ruler's own sentences, which are Amazon's.
      throw new InvalidFilterPolicyException("FilterPolicy: " + e.getMessage());
    }
  }

  private void add(Map<String, List<Patterns>> choice) {
    String branch = branches.size() + " ";
    Set<String> rules = new HashSet<>();
    Map<String, String> existing = new java.util.HashMap<>();
    Set<String> beginnings = new HashSet<>();
    boolean related = false;
    for (Map.Entry<String, List<Patterns>> key : choice.entrySet()) {
      String rule = branch + key.getKey();
      keyRules.addPatternRule(rule, Map.of(key.getKey(), key.getValue()));
      rules.add(rule);
      keys.add(key.getKey());
      if (key.getValue().stream().anyMatch(pattern -> pattern.type() == MatchType.EXISTS)) {
        existing.put(key.getKey(), rule);
      }
      related |= !beginnings.add(key.getKey().split("\\.", 2)[0]);
    }
    if (related) {
      wholes.addPatternRule(branch, choice);
    }
    branches.add(new Branch(rules, existing, related ? branch : ""));
  }

  /** Every key that the policy names; those of nested objects joined by dots. */
  Set<String> keys() {
    return keys;
  }

  /** How many beginnings of wildcards one value can match at once, at most about 100. */
  int wildcardComplexity() {
    return keyRules.evaluateComplexity(new MachineComplexityEvaluator(100));
  }

  /**
   * Judges attributes.
   *
   * @param values names and values by turns, by name; strings in quotation marks
   * @param unreadable the names of those that have a value which cannot be compared
   */
  boolean matches(List<String> values, Collection<String> unreadable) {
    Set<String> matched = new HashSet<>(keyRules.rulesForEvent(values));
    for (Branch branch : branches) {
      if (branch.rules().stream().allMatch(rule -> isMatched(branch, rule, matched, unreadable))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isMatched(
      Branch branch, String rule, Set<String> matched, Collection<String> unreadable) {
    String key = rule.substring(rule.indexOf(' ') + 1);
    return unreadable.contains(key) ? branch.existing().containsKey(key) : matched.contains(rule);
  }

  /**
   * Judges a message.
   *
   * @param body what is no JSON object does not match
   */
  boolean matches(String body) {
    try {
      Set<String> matched = new HashSet<>(keyRules.rulesForJSONEvent(body));
      Set<String> matchedWholes = Set.of();
      boolean asked = false;
      for (Branch branch : branches) {
        if (matched.containsAll(branch.rules())) {
          if (branch.whole().isEmpty()) {
            return true;
          }
          if (!asked) {
            matchedWholes = Set.copyOf(wholes.rulesForJSONEvent(body));
            asked = true;
          }
          if (matchedWholes.contains(branch.whole())) {
            return true;
          }
        }
      }
      return false;
    } catch (IOException | IllegalArgumentException _) {
      return false;
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      // Declared by the ruler, not thrown by it.
      throw new IllegalStateException(e);
    }
  }
}
