package dev.jllm.core.block;

import dev.jllm.core.arch.AdapterSpec;
import dev.jllm.core.cache.AdapterState;
import dev.jllm.core.cache.Batch;

/** Finds the adapter of each token of a batch, see {@link AdapterSpec}. */
public final class AdapterSwitch {
  private final AdapterSpec spec;
  private final int stateSlot;

  /** A switch whose {@link AdapterState} has the number {@code stateSlot}. */
  public AdapterSwitch(AdapterSpec spec, int stateSlot) {
    this.spec = spec;
    this.stateSlot = stateSlot;
  }

  /** The token that is embedded for {@code token}. */
  int embedded(int token) {
    return spec.embedded(token);
  }

  /** Tells the pass the adapters of its tokens. */
  void choose(Pass pass) {
    Batch batch = pass.batch();
    for (int row = 0; row < batch.size(); row++) {
      int index = batch.index(row);
      AdapterState state = (AdapterState) batch.cache(row).state(stateSlot);
      state.note(index, spec.number(batch.token(row)));
      pass.adapter(row, number(state.seen(index), index + 1, state.sum(index)));
    }
  }

  private int number(int seen, int all, long sum) {
    if (seen == 0) {
      return 0;
    }
    double mean = sum / (seen + (all - seen) * Math.exp(-2.0 * spec.gain()));
    return (int) Math.min(spec.activate().length, Math.floor(mean + 0.5));
  }
}
