// SSIM of two pictures' luma (Wang et al., 2004): mean over all places of a
// square window in which every pixel counts alike.
const edge = 8;
const c1 = (0.01 * 255) ** 2;
const c2 = (0.03 * 255) ** 2;

/** Sums over all rectangles from the upper left corner: (w + 1) x (h + 1). */
function sums(width, height, value) {
  const row = width + 1;
  const found = new Float64Array(row * (height + 1));
  for (let y = 0, i = 0; y < height; ++y) {
    for (let x = 0, line = 0; x < width; ++x, ++i) {
      line += value(i);
      found[(y + 1) * row + x + 1] = found[y * row + x + 1] + line;
    }
  }
  return (x, y) => found[(y + edge) * row + x + edge] - found[y * row + x + edge] - found[(y + edge) * row + x] + found[y * row + x];
}

/** @param a, b {width, height, luma} of the same size */
export function ssimOfLuma(a, b) {
  const { width, height } = a;
  if (b.width !== width || b.height !== height)
    throw new Error(`a variant has ${b.width}x${b.height} pixels, its reference ${width}x${height}`);
  const [p, q] = [a.luma, b.luma];
  const sum = value => sums(width, height, value);
  const [sp, sq, spp, sqq, spq] = [sum(i => p[i]), sum(i => q[i]), sum(i => p[i] * p[i]), sum(i => q[i] * q[i]), sum(i => p[i] * q[i])];
  const n = edge * edge;
  let total = 0;
  for (let y = 0; y + edge <= height; ++y) {
    for (let x = 0; x + edge <= width; ++x) {
      const [mp, mq] = [sp(x, y) / n, sq(x, y) / n];
      const [vp, vq, cov] = [spp(x, y) / n - mp * mp, sqq(x, y) / n - mq * mq, spq(x, y) / n - mp * mq];
      total += ((2 * mp * mq + c1) * (2 * cov + c2)) / ((mp * mp + mq * mq + c1) * (vp + vq + c2));
    }
  }
  return total / ((width - edge + 1) * (height - edge + 1));
}
