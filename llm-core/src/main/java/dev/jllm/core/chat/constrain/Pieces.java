package dev.jllm.core.chat.constrain;

import dev.jllm.core.grammar.automaton.CharSet;
import dev.jllm.core.grammar.automaton.RuleNetBuilder;
import java.util.List;
import java.util.function.IntUnaryOperator;

/** Parts of grammars, each from one state to another. */
final class Pieces {
  /** White space between two marks, at most; more than any template writes. */
  static final int MAX_SPACE = 32;

  private static final CharSet BLANK = CharSet.anyOf(" \t\n\r");
  private static final CharSet DIGIT = CharSet.range('0', '9');
  private static final CharSet ID =
      DIGIT
          .union(CharSet.range('a', 'z'))
          .union(CharSet.range('A', 'Z'))
          .union(CharSet.anyOf("_-"));

  /** Larger sets keep their order: their states would double with each member. */
  private static final int MAX_UNORDERED = 5;

  final RuleNetBuilder net;
  private final int space;

  Pieces(RuleNetBuilder net) {
    this.net = net;
    space = net.rule("space");
    repeat(net.entry(space), BLANK, 0, MAX_SPACE, -1);
  }

  /** A member of a set: its rule, and whether it must be there. */
  record Member(int rule, boolean required) {}

  int text(int from, String text) {
    return net.text(from, text);
  }

  int space(int from) {
    return rule(from, space);
  }

  int rule(int from, int rule) {
    int to = net.state();
    net.call(from, rule, to);
    return to;
  }

  /** Any of the texts. */
  int either(int from, List<String> texts) {
    int to = net.state();
    for (String text : texts) {
      net.empty(net.text(from, text), to);
    }
    return to;
  }

  int optional(int from, IntUnaryOperator piece) {
    int to = net.state();
    net.empty(from, to);
    net.empty(piece.applyAsInt(from), to);
    return to;
  }

  int digits(int from) {
    return repeat(from, DIGIT, 1, 4, net.state());
  }

  /** Letters, digits, underscore and hyphen. */
  int id(int from) {
    return repeat(from, ID, 1, 40, net.state());
  }

  /** White space, any amount, in one state. */
  void blanks(int state) {
    net.chars(state, BLANK, state);
  }

  /** So many characters of the set; {@code to} -1 ends the rule. */
  private int repeat(int from, CharSet set, int min, int max, int to) {
    int at = from;
    for (int i = 0; ; i++) {
      if (i >= min && to < 0) {
        net.accept(at);
      } else if (i >= min) {
        net.empty(at, to);
      }
      if (i == max) {
        return to;
      }
      int next = net.state();
      net.chars(at, set, next);
      at = next;
    }
  }

  /**
   * The members, each at most once and the required ones for certain; in any order if they are few.
   *
   * @param separator stands between two of them
   */
  int members(int from, List<Member> members, IntUnaryOperator separator) {
    int to = net.state();
    if (members.size() <= MAX_UNORDERED) {
      unordered(from, members, separator, to);
    } else {
      ordered(from, members, separator, to);
    }
    return to;
  }

  private void unordered(int from, List<Member> members, IntUnaryOperator separator, int to) {
    int n = members.size();
    int required = 0;
    int[] states = new int[1 << n];
    for (int i = 0; i < n; i++) {
      required |= members.get(i).required() ? 1 << i : 0;
    }
    for (int set = 0; set < states.length; set++) {
      states[set] = set == 0 ? from : net.state();
    }
    for (int set = 0; set < states.length; set++) {
      if ((set & required) == required) {
        net.empty(states[set], to);
      }
      if (set == states.length - 1) {
        break;
      }
      int at = set == 0 ? from : separator.applyAsInt(states[set]);
      for (int i = 0; i < n; i++) {
        if ((set & 1 << i) == 0) {
          net.call(at, members.get(i).rule(), states[set | 1 << i]);
        }
      }
    }
  }

  private void ordered(int from, List<Member> members, IntUnaryOperator separator, int to) {
    int none = from;
    int some = net.state();
    for (Member member : members) {
      int nextNone = net.state();
      int nextSome = net.state();
      net.call(none, member.rule(), nextSome);
      net.call(separator.applyAsInt(some), member.rule(), nextSome);
      if (!member.required()) {
        net.empty(none, nextNone);
        net.empty(some, nextSome);
      }
      none = nextNone;
      some = nextSome;
    }
    net.empty(none, to);
    net.empty(some, to);
  }
}
