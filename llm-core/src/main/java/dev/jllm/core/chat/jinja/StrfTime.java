package dev.jllm.core.chat.jinja;

import java.time.LocalDateTime;
import java.time.format.TextStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.IsoFields;
import java.util.Locale;

/** C's {@code strftime} in the C locale. */
final class StrfTime {
  private StrfTime() {}

  static Text format(Rendering r, Text format, LocalDateTime t) {
    TextBuilder b = r.builder();
    String s = format.string();
    for (int i = 0; i < s.length(); i++) {
      char c = s.charAt(i);
      if (c != '%' || i + 1 == s.length()) {
        b.append(format, i, i + 1);
        continue;
      }
      char code = s.charAt(++i);
      boolean unpadded = code == '-' && i + 1 < s.length();
      if (unpadded) {
        code = s.charAt(++i);
      }
      String field = field(code, t);
      if (unpadded && "cDFrRTxX".indexOf(code) < 0) {
        int first = 0;
        while (first < field.length() - 1 && "0 ".indexOf(field.charAt(first)) >= 0) {
          first++;
        }
        field = field.substring(first);
      }
      b.append(field, false);
    }
    return r.build(b);
  }

  private static String field(char code, LocalDateTime t) {
    int hour12 = t.getHour() % 12 == 0 ? 12 : t.getHour() % 12;
    int weekday = t.getDayOfWeek().getValue() % 7;
    int day = t.getDayOfYear() - 1;
    return switch (code) {
      case 'a' -> t.getDayOfWeek().getDisplayName(TextStyle.SHORT, Locale.ENGLISH);
      case 'A' -> t.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
      case 'b', 'h' -> t.getMonth().getDisplayName(TextStyle.SHORT, Locale.ENGLISH);
      case 'B' -> t.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
      case 'c' -> all("a b e H:M:S Y", t);
      case 'C' -> padded(t.getYear() / 100, 2, '0');
      case 'd' -> padded(t.getDayOfMonth(), 2, '0');
      case 'D', 'x' -> all("m/d/y", t);
      case 'e' -> padded(t.getDayOfMonth(), 2, ' ');
      case 'f' -> padded(t.getNano() / 1000, 6, '0');
      case 'F' -> all("Y-m-d", t);
      case 'g' -> padded(t.get(IsoFields.WEEK_BASED_YEAR) % 100, 2, '0');
      case 'G' -> String.valueOf(t.get(IsoFields.WEEK_BASED_YEAR));
      case 'H' -> padded(t.getHour(), 2, '0');
      case 'I' -> padded(hour12, 2, '0');
      case 'j' -> padded(t.getDayOfYear(), 3, '0');
      case 'k' -> padded(t.getHour(), 2, ' ');
      case 'l' -> padded(hour12, 2, ' ');
      case 'm' -> padded(t.getMonthValue(), 2, '0');
      case 'M' -> padded(t.getMinute(), 2, '0');
      case 'n' -> "\n";
      case 'p' -> t.getHour() < 12 ? "AM" : "PM";
      case 'P' -> t.getHour() < 12 ? "am" : "pm";
      case 'r' -> all("I:M:S p", t);
      case 'R' -> all("H:M", t);
      case 's' -> String.valueOf(t.toEpochSecond(java.time.ZoneOffset.UTC));
      case 'S' -> padded(t.getSecond(), 2, '0');
      case 't' -> "\t";
      case 'T', 'X' -> all("H:M:S", t);
      case 'u' -> String.valueOf(t.get(ChronoField.DAY_OF_WEEK));
      case 'U' -> padded((day + 7 - weekday) / 7, 2, '0');
      case 'V' -> padded(t.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR), 2, '0');
      case 'w' -> String.valueOf(weekday);
      case 'W' -> padded((day + 7 - (weekday + 6) % 7) / 7, 2, '0');
      case 'y' -> padded(t.getYear() % 100, 2, '0');
      case 'Y' -> String.valueOf(t.getYear());
      case 'z', 'Z' -> "";
      case '%' -> "%";
      default -> "%" + code;
    };
  }

  /** Letters are fields, anything else stands for itself. */
  private static String all(String fields, LocalDateTime t) {
    StringBuilder b = new StringBuilder();
    for (char c : fields.toCharArray()) {
      b.append(Character.isLetter(c) ? field(c, t) : String.valueOf(c));
    }
    return b.toString();
  }

  private static String padded(int v, int width, char fill) {
    String digits = String.valueOf(v);
    return TextMethods.repeat(String.valueOf(fill), width - digits.length()) + digits;
  }
}
