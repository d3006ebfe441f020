package dev.jllm.core.sample;

/**
 * Locally typical sampling: keeps the candidates whose surprise is nearest to the expected one, the
 * entropy, until they together exceed the probability {@code p}.
 *
 * <p>C. Meister, T. Pimentel, G. Wiher, R. Cotterell: Locally Typical Sampling. TACL 11, 2023,
 * arXiv:2202.00666.
 */
public final class Typical implements Sampler {
  private final float p;
  private final int minKeep;
  private final Selection nearest = new Selection();
  private float[] nearness = new float[0];
  private int[] order = new int[0];

  /** A {@code p} of 1 or more keeps all; {@code minKeep} candidates stay in any case. */
  public Typical(float p, int minKeep) {
    this.p = Arguments.number("typical_p", p);
    this.minKeep = Arguments.count("min_keep", minKeep);
  }

  @Override
  public String name() {
    return "typical";
  }

  @Override
  public void apply(Candidates candidates) {
    if (p >= 1) {
      return;
    }
    candidates.sort();
    candidates.softmax();
    int n = candidates.size();
    float[] probability = candidates.probabilities();
    if (nearness.length < n) {
      nearness = new float[n];
      order = new int[n];
    }
    float entropy = 0;
    for (int i = 0; i < n; i++) {
      // The logarithm is needed twice, so it waits in nearness; an impossible candidate adds 0.
      float log = (float) StrictMath.log(probability[i]);
      nearness[i] = log;
      if (probability[i] > 0) {
        entropy -= probability[i] * log;
      }
    }
    for (int i = 0; i < n; i++) {
      nearness[i] = -Math.abs(-nearness[i] - entropy);
    }
    long[] nearestFirst = nearest.top(nearness, 0, n, n);
    float sum = 0;
    int kept = 0;
    while (kept < n) {
      int i = Selection.position(nearestFirst[kept]);
      order[kept++] = i;
      sum += probability[i];
      if (sum > p && kept >= minKeep) {
        break;
      }
    }
    candidates.take(order, kept);
  }

  @Override
  public Typical copy() {
    return new Typical(p, minKeep);
  }
}
