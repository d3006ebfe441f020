package dev.jllm.core.sample;

/**
 * Pearson's test of goodness of fit at the level 0.001: cells of fewer than five expected events
 * are merged; the critical value is that of Wilson and Hilferty's approximation.
 */
final class ChiSquare {
  private ChiSquare() {}

  static boolean fits(int[] observed, double[] probabilities) {
    long draws = 0;
    for (int o : observed) {
      draws += o;
    }
    double statistic = 0;
    double restExpected = 0;
    long restObserved = 0;
    int cells = 0;
    for (int i = 0; i < observed.length; i++) {
      double expected = draws * probabilities[i];
      if (probabilities[i] == 0 && observed[i] > 0) {
        return false;
      }
      if (expected < 5) {
        restExpected += expected;
        restObserved += observed[i];
      } else {
        statistic += (observed[i] - expected) * (observed[i] - expected) / expected;
        cells++;
      }
    }
    if (restExpected >= 1) {
      statistic += (restObserved - restExpected) * (restObserved - restExpected) / restExpected;
      cells++;
    }
    int freedom = cells - 1;
    if (freedom == 0) {
      return true;
    }
    double h = 2 / (9.0 * freedom);
    return statistic < freedom * Math.pow(1 - h + 3.09 * Math.sqrt(h), 3);
  }
}
