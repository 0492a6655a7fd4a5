/** How much y grows per x, by least squares over [[x, y], …], and the standard error of that. */
export function slopeOf(points) {
  const sum = of => points.reduce((total, point) => total + of(point), 0);
  const count = points.length;
  const [mx, my] = [sum(([x]) => x) / count, sum(([, y]) => y) / count];
  const spread = sum(([x]) => (x - mx) ** 2);
  const slope = spread > 0 ? sum(([x, y]) => (x - mx) * (y - my)) / spread : 0;
  const rest = sum(([x, y]) => (y - my - slope * (x - mx)) ** 2);
  return { slope, error: Math.sqrt(rest / Math.max(count - 2, 1) / (spread || 1)) };
}
