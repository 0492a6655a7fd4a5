// Median, spread and ratio of the rounds' figures, as text.

export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** {median, min, max} of numbers. */
export function spread(numbers) {
  return { median: median(numbers), min: Math.min(...numbers), max: Math.max(...numbers) };
}

/** The figures of all rounds of a cell: {name: {median, min, max}}. */
export function summary(rounds) {
  return Object.fromEntries(Object.keys(rounds[0]).map(name => [name, spread(rounds.map(x => x[name]))]));
}

/** Each round's figure over that of the same round of another cell. */
export function ratios(rounds, base, name) {
  return spread(rounds.map((x, i) => x[name] / base[i][name]));
}

/** Each round's figure less that of the same round of another cell. */
export function differences(rounds, base, name) {
  return spread(rounds.map((x, i) => x[name] - base[i][name]));
}

function short(number) {
  if (Math.abs(number) >= 10000) return `${(number / 1000).toFixed(1)}k`;
  if (Math.abs(number) >= 100) return number.toFixed(0);
  if (Math.abs(number) >= 1) return number.toFixed(Math.abs(number) >= 10 ? 1 : 2);
  return number.toPrecision(3);
}

export function shortSpread({ median, min, max }) {
  return `${short(median)} (${short(min)}–${short(max)})`;
}

/** Rows of texts as lines with aligned columns. */
export function columns(rows) {
  const widths = rows[0].map((_, i) => Math.max(...rows.map(row => row[i].length)));
  return rows.map(row => row.map((text, i) => text.padEnd(widths[i])).join('  ').trimEnd()).join('\n');
}
