package dev.jllm.core.sample;

/**
 * Makes tokens less likely that stand among the last {@code lastN}. The repetition penalty [1]
 * divides a positive logit and multiplies a negative one (the paper divides both, which would help
 * the unlikely); the frequency penalty is subtracted once for each occurrence, the presence penalty
 * once if there is any.
 *
 * <p>[1] N. S. Keskar et al.: CTRL: A Conditional Transformer Language Model for Controllable
 * Generation. arXiv:1909.05858, 2019.
 */
public final class Penalties implements Sampler {
  private final int lastN;
  private final float repeat;
  private final float frequency;
  private final float presence;
  private final TokenHistory history;
  private final IntMap counts;

  /**
   * A {@code lastN} of 0 or less, or {@code repeat} 1 with the others 0, changes nothing.
   *
   * @param repeat above 0
   */
  public Penalties(int lastN, float repeat, float frequency, float presence) {
    this.lastN = Math.max(0, lastN);
    this.repeat = Arguments.positive("repeat penalty", repeat);
    this.frequency = Arguments.number("frequency penalty", frequency);
    this.presence = Arguments.number("presence penalty", presence);
    history = new TokenHistory(this.lastN);
    counts = new IntMap();
  }

  private Penalties(Penalties other) {
    lastN = other.lastN;
    repeat = other.repeat;
    frequency = other.frequency;
    presence = other.presence;
    history = new TokenHistory(other.history);
    counts = new IntMap(other.counts);
  }

  private boolean idle() {
    return lastN == 0 || (repeat == 1 && frequency == 0 && presence == 0);
  }

  @Override
  public String name() {
    return "penalties";
  }

  @Override
  public void accept(int token) {
    if (idle()) {
      return;
    }
    if (history.full()) {
      counts.add(history.oldest(), -1);
    }
    history.add(token);
    counts.add(token, 1);
  }

  @Override
  public void apply(Candidates candidates) {
    if (idle() || counts.isEmpty()) {
      return;
    }
    float[] x = candidates.logits();
    if (candidates.whole()) {
      for (int s = 0; s < counts.places(); s++) {
        int count = counts.valueAt(s);
        int id = counts.idAt(s);
        if (count > 0 && id < candidates.size()) {
          x[id] = penalised(x[id], count);
        }
      }
    } else {
      for (int i = 0; i < candidates.size(); i++) {
        int count = counts.get(candidates.id(i));
        if (count > 0) {
          x[i] = penalised(x[i], count);
        }
      }
    }
    candidates.reordered();
  }

  private float penalised(float x, int count) {
    return (x <= 0 ? x * repeat : x / repeat) - (count * frequency + presence);
  }

  @Override
  public void reset() {
    history.clear();
    counts.clear();
  }

  @Override
  public Penalties copy() {
    return new Penalties(this);
  }
}
