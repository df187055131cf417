// Logits as shares that add up to 1.

export function softmax(logits) {
  const top = Math.max(...logits);
  const powers = Array.from(logits, (x) => Math.exp(x - top));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((x) => x / sum);
}
