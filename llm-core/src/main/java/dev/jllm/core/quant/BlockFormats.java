package dev.jllm.core.quant;

import dev.jllm.gguf.GgmlType;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The block formats by type: every type of ggml that holds weights. */
public final class BlockFormats {
  private static final Map<GgmlType, BlockFormat> FORMATS = new EnumMap<>(GgmlType.class);

  static {
    List<BlockFormat> all =
        List.of(
            new FloatFormats.F32(),
            new FloatFormats.F16(),
            new FloatFormats.Bf16(),
            new FloatFormats.F64(),
            new Q4_0(),
            new Q4_1(),
            new Q5_0(),
            new Q5_1(),
            new Q8_0(),
            new Q8_1(),
            new Q2_K(),
            new Q3_K(),
            new Q4_K(),
            new Q5_K(),
            new Q6_K(),
            new Q8_K(),
            new Iq1Formats.S(),
            new Iq1Formats.M(),
            new Iq2Formats.Xxs(),
            new Iq2Formats.Xs(),
            new Iq2Formats.S(),
            new Iq3Formats.Xxs(),
            new Iq3Formats.S(),
            new Iq4Formats.Nl(),
            new Iq4Formats.Xs(),
            new Fp4Formats.Mx(),
            new Fp4Formats.Nv(),
            new TernaryFormats.Tq1(),
            new TernaryFormats.Tq2(),
            new Q1_0(),
            new Q2_0());
    all.forEach(f -> FORMATS.put(f.type(), f));
  }

  private BlockFormats() {}

  /**
   * The format of {@code type}.
   *
   * @throws IllegalArgumentException for the integer types, which hold no weights
   */
  public static BlockFormat of(GgmlType type) {
    BlockFormat format = FORMATS.get(type);
    if (format == null) {
      throw new IllegalArgumentException(type + " holds integers, not weights");
    }
    return format;
  }

  /** Whether {@link #of} knows {@code type}. */
  public static boolean has(GgmlType type) {
    return FORMATS.containsKey(type);
  }

  /** The types that can be written, in the order of their ids. */
  public static List<GgmlType> writable() {
    List<GgmlType> types = new ArrayList<>();
    FORMATS.forEach(
        (t, f) -> {
          if (f.quantizes()) {
            types.add(t);
          }
        });
    return types;
  }
}
