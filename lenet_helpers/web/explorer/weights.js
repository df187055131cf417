// The numbers of a kernel, the same every time.
//
// To add a kernel, add an entry: its name, and its number at (i, j) of [height, width].

// The coefficients of (1 + z)^sums · (z − 1)^differences, from the lowest on.
function coefficients(sums, differences) {
  const times = (numbers, low) =>
    [...numbers, 0].map((number, i) => low * number + (numbers[i - 1] ?? 0));
  let numbers = [1];
  for (let n = 0; n < sums; n++) numbers = times(numbers, 1);
  for (let n = 0; n < differences; n++) numbers = times(numbers, -1);
  return numbers;
}

// Sobel's: a difference along one side, smoothed along the other. One tap has no difference.
const smooth = (size) => coefficients(size - 1, 0);
const differ = (size) => (size < 2 ? [1] : coefficients(size - 2, 1));

export const WEIGHTS = {
  numbers: { name: "small numbers", weight: (i, j) => ((2 * i + 3 * j + i * j) % 5) - 2 },
  across: {
    name: "Sobel, left to right",
    weight: (i, j, [height, width]) => smooth(height)[i] * differ(width)[j],
  },
  down: {
    name: "Sobel, top to bottom",
    weight: (i, j, [height, width]) => differ(height)[i] * smooth(width)[j],
  },
};
