package dev.jllm.samples.cli;

import dev.jllm.gguf.GgmlType;
import dev.jllm.gguf.GgufMetadata;
import dev.jllm.gguf.TensorInfo;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The file types of {@code jllm quantize}: a block format, and for the mixed ones which tensors get
 * a finer one. The choices are those of llama.cpp without an importance matrix.
 */
enum QuantizeMix {
  F32(0, GgmlType.F32),
  F16(1, GgmlType.F16),
  BF16(32, GgmlType.BF16),
  Q8_0(7, GgmlType.Q8_0),
  Q6_K(18, GgmlType.Q6_K),
  Q5_K_M(17, GgmlType.Q5_K),
  Q5_K_S(16, GgmlType.Q5_K),
  Q5_1(9, GgmlType.Q5_1),
  Q5_0(8, GgmlType.Q5_0),
  Q4_K_M(15, GgmlType.Q4_K),
  Q4_K_S(14, GgmlType.Q4_K),
  IQ4_NL(25, GgmlType.IQ4_NL),
  IQ4_XS(30, GgmlType.IQ4_XS),
  Q4_1(3, GgmlType.Q4_1),
  Q4_0(2, GgmlType.Q4_0),
  MXFP4_MOE(38, GgmlType.MXFP4),
  Q3_K_L(13, GgmlType.Q3_K),
  Q3_K_M(12, GgmlType.Q3_K),
  Q3_K_S(11, GgmlType.Q3_K),
  Q2_K(10, GgmlType.Q2_K),
  TQ2_0(37, GgmlType.TQ2_0),
  TQ1_0(36, GgmlType.TQ1_0);

  private static final String[] KEPT = {
    "_norm.weight",
    "ffn_gate_inp.weight",
    "ffn_gate_tid2eid.weight",
    "altup",
    "laurel",
    "per_layer_model_proj",
    "ssm_conv1d",
    "shortconv.conv.weight",
    "indexer.k_proj.weight",
    "indexer.q_proj.weight",
    "time_mix_first.weight",
    "time_mix_w0.weight",
    "time_mix_w1.weight",
    "time_mix_w2.weight",
    "time_mix_v0.weight",
    "time_mix_v1.weight",
    "time_mix_v2.weight",
    "time_mix_a0.weight",
    "time_mix_a1.weight",
    "time_mix_a2.weight",
    "time_mix_g1.weight",
    "time_mix_g2.weight",
    "time_mix_decay_w1.weight",
    "time_mix_decay_w2.weight",
    "time_mix_lerp_fused.weight",
    "attn_rel_b.weight",
    ".position_embd",
    "sam.pos_embd",
    "sam.neck.",
    "sam.net_",
    ".rel_pos",
    ".patch_embd",
    ".patch_merger",
    "a.rvq.codebook",
    "mm.a.code_embd"
  };

  /** The value of {@code general.file_type}. */
  final int fileType;

  /** The format of most tensors. */
  final GgmlType base;

  QuantizeMix(int fileType, GgmlType base) {
    this.fileType = fileType;
    this.base = base;
  }

  /**
   * The new type of every tensor.
   *
   * @param pure whether all tensors that are quantised at all get the base format
   */
  Map<String, GgmlType> choose(
      Map<String, TensorInfo> tensors, GgufMetadata metadata, boolean pure) {
    Model model = new Model(tensors, metadata);
    Map<String, GgmlType> types = new LinkedHashMap<>();
    List<TensorInfo> ordered = tensors.values().stream().sorted(BY_LAYER).toList();
    for (TensorInfo t : ordered) {
      GgmlType type = t.type();
      if (isQuantised(t)) {
        boolean mixed = !pure && base.blockSize() > 1;
        type = fitting(t, mixed ? mixed(t, model) : base);
      }
      types.put(t.name(), type);
    }
    return types;
  }

  private static final Comparator<TensorInfo> BY_LAYER =
      Comparator.<TensorInfo>comparingInt(t -> layer(t.name())).thenComparing(TensorInfo::name);

  private static int layer(String name) {
    int dot = name.indexOf('.', 4);
    try {
      return name.startsWith("blk.") && dot > 0 ? Integer.parseInt(name.substring(4, dot)) : -1;
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  /** Matrices are; small ones that need their precision, vectors and integers are not. */
  private static boolean isQuantised(TensorInfo t) {
    boolean integers =
        switch (t.type()) {
          case I8, I16, I32, I64 -> true;
          default -> false;
        };
    return !integers
        && t.dimension(1) * t.dimension(2) * t.dimension(3) > 1
        && t.name().endsWith("weight")
        && !t.name().equals("position_embd.weight")
        && !t.name().equals("token_types.weight")
        && Arrays.stream(KEPT).noneMatch(t.name()::contains);
  }

  /** What the choice depends on besides the tensor's name; counts what was seen. */
  private static final class Model {
    final boolean tied;
    final boolean falcon;
    final int experts;
    final int layers;
    final int valueTensors;
    final boolean sharedHeads;
    int valuesSeen;
    int downsSeen;

    Model(Map<String, TensorInfo> tensors, GgufMetadata metadata) {
      String architecture = metadata.string("general.architecture", "");
      falcon = architecture.equals("falcon");
      tied = !tensors.containsKey("output.weight");
      experts = metadata.integer(architecture + ".expert_count", 0);
      layers = metadata.integer(architecture + ".block_count", 0);
      int heads = metadata.integer(architecture + ".attention.head_count", 1);
      int kvHeads = metadata.integer(architecture + ".attention.head_count_kv", heads);
      sharedHeads = kvHeads > 0 && heads / kvHeads >= 4;
      valueTensors = (int) tensors.keySet().stream().filter(QuantizeMix::isValue).count();
    }
  }

  private static boolean isValue(String name) {
    return name.contains("attn_v.weight")
        || name.contains("attn_qkv.weight")
        || name.contains("attn_kv_b.weight");
  }

  /** First and last eighth of the layers, and every third between. */
  private static boolean moreBits(int i, int n) {
    return i < n / 8 || i >= 7 * n / 8 || (i - n / 8) % 3 == 2;
  }

  private GgmlType mixed(TensorInfo t, Model model) {
    String name = t.name();
    boolean embedding =
        name.equals("token_embd.weight") || name.equals("per_layer_token_embd.weight");
    if (name.equals("output.weight") || embedding && model.tied) {
      boolean eight =
          this == MXFP4_MOE
              || model.falcon
              || t.dimension(0) % base.blockSize() != 0
              || base == GgmlType.Q8_0;
      return eight ? GgmlType.Q8_0 : GgmlType.Q6_K;
    }
    if (this == MXFP4_MOE) {
      return t.dimension(2) > 1 ? GgmlType.MXFP4 : GgmlType.Q8_0;
    }
    if (embedding) {
      return this == TQ1_0 || this == TQ2_0 ? GgmlType.Q4_K : base;
    }
    if (isValue(name)) {
      GgmlType type = value(model);
      model.valuesSeen++;
      return model.experts == 8 ? GgmlType.Q8_0 : type;
    }
    if (name.contains("attn_k.weight")) {
      return model.experts == 8 ? GgmlType.Q8_0 : base;
    }
    if (name.contains("ffn_down")) {
      int layer = model.experts > 1 ? layer(name) : model.downsSeen++;
      return down(model, layer, model.layers);
    }
    return name.contains("attn_output.weight") ? attentionOutput(model) : base;
  }

  private GgmlType value(Model model) {
    int i = model.valuesSeen;
    boolean more = moreBits(i, model.valueTensors);
    return switch (this) {
      case Q2_K -> model.sharedHeads ? GgmlType.Q4_K : GgmlType.Q3_K;
      case Q3_K_M -> i < 2 ? GgmlType.Q5_K : GgmlType.Q4_K;
      case Q3_K_L -> GgmlType.Q5_K;
      case IQ4_NL, IQ4_XS -> model.sharedHeads ? GgmlType.Q5_K : base;
      case Q4_K_M, Q5_K_M -> more ? GgmlType.Q6_K : base;
      case Q4_K_S -> i < 4 ? GgmlType.Q5_K : base;
      default -> base;
    };
  }

  private GgmlType down(Model model, int i, int n) {
    boolean more = moreBits(i, n);
    return switch (this) {
      case Q2_K -> GgmlType.Q3_K;
      case Q3_K_M ->
          i < n / 16 ? GgmlType.Q5_K : !model.falcon || more ? GgmlType.Q4_K : GgmlType.Q3_K;
      case Q3_K_L -> model.falcon ? GgmlType.Q4_K : GgmlType.Q5_K;
      case Q4_K_M ->
          model.falcon
              ? i < n / 16 ? GgmlType.Q6_K : more ? GgmlType.Q5_K : base
              : more ? GgmlType.Q6_K : base;
      case IQ4_NL, IQ4_XS -> i < n / 8 ? GgmlType.Q5_K : base;
      case Q5_K_M -> more ? GgmlType.Q6_K : base;
      case Q4_K_S -> !model.falcon && i < n / 8 ? GgmlType.Q5_K : base;
      default -> base;
    };
  }

  private GgmlType attentionOutput(Model model) {
    if (model.falcon) {
      return this == Q3_K_L ? GgmlType.Q4_K : base;
    }
    if (model.experts == 8) {
      return switch (this) {
        case Q2_K, Q3_K_S, Q3_K_M, IQ4_NL, IQ4_XS, Q4_K_S, Q4_K_M -> GgmlType.Q5_K;
        default -> base;
      };
    }
    return switch (this) {
      case Q2_K -> GgmlType.Q3_K;
      case Q3_K_M -> GgmlType.Q4_K;
      case Q3_K_L -> GgmlType.Q5_K;
      default -> base;
    };
  }

  /** A format with smaller blocks where rows do not fill those of {@code type}. */
  private static GgmlType fitting(TensorInfo t, GgmlType type) {
    long row = t.dimension(0);
    if (row % type.blockSize() == 0) {
      return type;
    }
    GgmlType smaller =
        switch (type) {
          case Q2_K, Q3_K, TQ1_0, TQ2_0 -> GgmlType.Q4_0;
          case IQ4_XS -> GgmlType.IQ4_NL;
          case Q4_K -> GgmlType.Q5_0;
          case Q5_K -> GgmlType.Q5_1;
          case Q6_K -> GgmlType.Q8_0;
          default -> GgmlType.F16;
        };
    return row % smaller.blockSize() == 0 ? smaller : GgmlType.F16;
  }
}
