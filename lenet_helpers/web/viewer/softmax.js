// Logits as shares that add up to 1.

// The largest logit, the sum of exp(logit − largest), and each one's share of it.
export function sharesAndSum(logits) {
  const top = Math.max(...logits);
  const powers = Array.from(logits, (x) => Math.exp(x - top));
  const sum = powers.reduce((a, b) => a + b, 0);
  return { top, sum, shares: powers.map((x) => x / sum) };
}

export const softmax = (logits) => sharesAndSum(logits).shares;
