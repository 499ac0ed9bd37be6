"use strict";

/* Finds the citizen's photo in the camera's picture: corners at several sizes, binary descriptions
   of their surroundings (upright BRIEF), the likeliest similarity between the two (RANSAC).
   A worker, so that the page stays alive; also callable in a page, for tests.

   Places are counted from the middle of a picture, in its long side: right and down positive. */

const LONG = 320;
const STEP = 1.25;
const LEVELS = 7;
const CELL = 18;
const PER_CELL = 2;
const MOST = 420;
const REACH = 12;
const PAIRS = 256;
const NEAR = 0.06;
const CLOSE = 0.035;
const FEWEST = 14;

function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const TESTS = (() => {
  const dice = random(20);
  const near = () => {
    let sum = 0;
    for (let n = 0; n < 4; n += 1) sum += dice() - 0.5;
    return Math.max(-REACH, Math.min(REACH, Math.round(sum * REACH)));
  };
  return Int8Array.from({ length: PAIRS * 4 }, near);
})();

/** Luminance of RGBA pixels. */
function grey(rgba, width, height) {
  const data = new Float32Array(width * height);
  for (let n = 0; n < data.length; n += 1) {
    data[n] = 0.299 * rgba[4 * n] + 0.587 * rgba[4 * n + 1] + 0.114 * rgba[4 * n + 2];
  }
  return { data, width, height };
}

/** Mean over a square of side 2r + 1, by rows and then by columns; the rim is left out. */
function blurred({ data, width, height }, r) {
  const rows = new Float32Array(data);
  const share = 1 / (2 * r + 1);
  for (let y = 0; y < height; y += 1) {
    const at = y * width;
    for (let x = r; x < width - r; x += 1) {
      let sum = 0;
      for (let k = -r; k <= r; k += 1) sum += data[at + x + k];
      rows[at + x] = sum * share;
    }
  }
  const out = new Float32Array(rows);
  for (let at = r * width; at < rows.length - r * width; at += 1) {
    let sum = 0;
    for (let k = -r * width; k <= r * width; k += width) sum += rows[at + k];
    out[at] = sum * share;
  }
  return { data: out, width, height };
}

function resized({ data, width, height }, ratio) {
  const wide = Math.round(width / ratio);
  const high = Math.round(height / ratio);
  const out = new Float32Array(wide * high);
  for (let y = 0; y < high; y += 1) {
    const sy = Math.max(0, Math.min(height - 1.001, (y + 0.5) * (height / high) - 0.5));
    const y0 = Math.floor(sy);
    for (let x = 0; x < wide; x += 1) {
      const sx = Math.max(0, Math.min(width - 1.001, (x + 0.5) * (width / wide) - 0.5));
      const x0 = Math.floor(sx);
      const at = y0 * width + x0;
      const top = data[at] + (data[at + 1] - data[at]) * (sx - x0);
      const low = data[at + width] + (data[at + width + 1] - data[at + width]) * (sx - x0);
      out[y * wide + x] = top + (low - top) * (sy - y0);
    }
  }
  return { data: out, width: wide, height: high };
}

/** How much of a corner each point is: the smaller eigenvalue of the gradients around it. */
function cornerness(picture) {
  const { data, width, height } = picture;
  const products = [0, 1, 2].map(() => new Float32Array(data.length));
  for (let y = 1; y < height - 1; y += 1) {
    for (let x = 1; x < width - 1; x += 1) {
      const at = y * width + x;
      const gx = data[at + 1] - data[at - 1];
      const gy = data[at + width] - data[at - width];
      products[0][at] = gx * gx;
      products[1][at] = gx * gy;
      products[2][at] = gy * gy;
    }
  }
  const [xx, xy, yy] = products.map((each) => blurred({ data: each, width, height }, 2).data);
  const out = new Float32Array(data.length);
  for (let at = 0; at < out.length; at += 1) {
    const half = (xx[at] + yy[at]) / 2;
    const skew = (xx[at] - yy[at]) / 2;
    out[at] = half - Math.sqrt(skew * skew + xy[at] * xy[at]);
  }
  return out;
}

/** The strongest corners of every cell of a grid, so that the whole picture has some. */
function corners(picture) {
  const { width, height } = picture;
  const strength = cornerness(picture);
  const edge = REACH + 2;
  const found = [];
  for (let top = edge; top < height - edge; top += CELL) {
    for (let left = edge; left < width - edge; left += CELL) {
      const here = [];
      for (let y = top; y < Math.min(top + CELL, height - edge); y += 1) {
        for (let x = left; x < Math.min(left + CELL, width - edge); x += 1) {
          const at = y * width + x;
          const value = strength[at];
          if (value > 30 && value >= strength[at - 1] && value > strength[at + 1]
            && value >= strength[at - width] && value > strength[at + width]) {
            here.push({ x, y, value });
          }
        }
      }
      here.sort((one, other) => other.value - one.value);
      found.push(...here.slice(0, PER_CELL));
    }
  }
  return found;
}

function description(picture, x, y) {
  const { data, width } = picture;
  const bits = new Uint32Array(PAIRS / 32);
  for (let n = 0; n < PAIRS; n += 1) {
    const one = data[(y + TESTS[4 * n + 1]) * width + x + TESTS[4 * n]];
    const other = data[(y + TESTS[4 * n + 3]) * width + x + TESTS[4 * n + 2]];
    if (one < other) bits[n >> 5] |= 1 << (n & 31);
  }
  return bits;
}

/** Corners of a picture with their descriptions, strongest first. */
function features(picture) {
  let level = blurred(resized(picture, Math.max(picture.width, picture.height) / LONG), 1);
  const long = Math.max(level.width, level.height);
  const found = [];
  for (let n = 0; n < LEVELS && Math.min(level.width, level.height) > 4 * REACH; n += 1) {
    const smooth = blurred(level, 1);
    const size = Math.max(level.width, level.height);
    for (const each of corners(level)) {
      found.push({
        x: (each.x - (level.width - 1) / 2) / size, y: (each.y - (level.height - 1) / 2) / size,
        value: each.value, size: long / size, bits: description(smooth, each.x, each.y),
      });
    }
    level = resized(level, STEP);
  }
  found.sort((one, other) => other.value - one.value);
  return found.slice(0, MOST);
}

function ones(n) {
  let bits = n - ((n >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

const WORDS = PAIRS / 32;

function packed(found) {
  const bits = new Int32Array(found.length * WORDS);
  found.forEach((each, n) => bits.set(each.bits, n * WORDS));
  return bits;
}

/** Pairs alike beyond doubt: mutual, and clearly better than any at another place. */
function matched(from, to) {
  const best = new Int32Array(to.length).fill(-1);
  const least = new Int32Array(to.length).fill(PAIRS);
  const [ours, theirs] = [packed(from), packed(to)];
  const pairs = [];
  for (let index = 0; index < from.length; index += 1) {
    let first = PAIRS;
    let second = PAIRS;
    let choice = -1;
    for (let number = 0; number < to.length; number += 1) {
      let far = 0;
      for (let n = 0; n < WORDS; n += 1) {
        far += ones(ours[index * WORDS + n] ^ theirs[number * WORDS + n]);
      }
      if (far < least[number]) { least[number] = far; best[number] = index; }
      if (far >= second) continue;
      const apart = choice < 0 || Math.abs(to[number].x - to[choice].x)
        + Math.abs(to[number].y - to[choice].y) > 0.04;
      if (far < first) {
        if (apart) second = first;
        first = far;
        choice = number;
      } else if (apart) second = far;
    }
    if (first <= 70 && first < 0.86 * second) pairs.push([index, choice]);
  }
  return pairs.filter(([index, number]) => best[number] === index)
    .map(([index, number]) => ({ p: from[index], q: to[number] }));
}

const through = (s, p) => [s.a * p.x - s.b * p.y + s.x, s.b * p.x + s.a * p.y + s.y];

/** The similarity of two pairs, or of many by least squares. */
function similarity(pairs) {
  let px = 0; let py = 0; let qx = 0; let qy = 0;
  for (const { p, q } of pairs) { px += p.x; py += p.y; qx += q.x; qy += q.y; }
  const n = pairs.length;
  px /= n; py /= n; qx /= n; qy /= n;
  let dot = 0; let cross = 0; let size = 0;
  for (const { p, q } of pairs) {
    const [ax, ay, bx, by] = [p.x - px, p.y - py, q.x - qx, q.y - qy];
    dot += ax * bx + ay * by;
    cross += ax * by - ay * bx;
    size += ax * ax + ay * ay;
  }
  if (size < 1e-9) return null;
  const [a, b] = [dot / size, cross / size];
  return { a, b, x: qx - a * px + b * py, y: qy - b * px - a * py };
}

function within(s, pairs, tolerance) {
  return pairs.filter((pair) => {
    const [x, y] = through(s, pair.p);
    return (x - pair.q.x) ** 2 + (y - pair.q.y) ** 2 < tolerance * tolerance;
  });
}

const likely = (s) => {
  const scale = Math.hypot(s.a, s.b);
  return scale > 0.35 && scale < 2.8 && Math.abs(Math.atan2(s.b, s.a)) < 0.6;
};

function agreed(pairs) {
  const dice = random(7);
  let best = [];
  for (let n = 0; n < 400 && pairs.length > 3; n += 1) {
    const one = pairs[Math.floor(dice() * pairs.length)];
    const other = pairs[Math.floor(dice() * pairs.length)];
    if (Math.hypot(one.p.x - other.p.x, one.p.y - other.p.y) < 0.08) continue;
    const s = similarity([one, other]);
    if (!s || !likely(s)) continue;
    const kept = within(s, pairs, NEAR);
    if (kept.length > best.length) best = kept;
  }
  for (let n = 0; n < 3 && best.length > 3; n += 1) {
    const s = similarity(best);
    if (!s) break;
    best = within(s, pairs, NEAR);
  }
  return best;
}

/** How much farther right the lower points lie than the upper ones: what a step aside does to
    the ground. Least squares of x over place and height, less the turn found in y. */
function shear(pairs) {
  const fit = (value) => {
    const m = [[0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]];
    for (const { p, q } of pairs) {
      const row = [1, p.x, p.y];
      for (let i = 0; i < 3; i += 1) {
        for (let j = 0; j < 3; j += 1) m[i][j] += row[i] * row[j];
        m[i][3] += row[i] * value(q);
      }
    }
    for (let i = 0; i < 3; i += 1) {
      if (Math.abs(m[i][i]) < 1e-9) return [0, 1, 0];
      for (let k = 0; k < 3; k += 1) {
        if (k === i) continue;
        const ratio = m[k][i] / m[i][i];
        for (let j = i; j < 4; j += 1) m[k][j] -= ratio * m[i][j];
      }
    }
    return m.map((row, i) => row[3] / row[i]);
  };
  const across = fit((q) => q.x);
  const down = fit((q) => q.y);
  return across[2] + down[1];
}

/** What the camera sees against the citizen's photo; `found` only where there is no doubt. */
function compare(reference, live) {
  const pairs = matched(reference, live);
  const kept = agreed(pairs);
  const s = kept.length > 3 && similarity(kept);
  const cells = new Set(kept.map(({ p }) => `${Math.floor(p.x * 5)} ${Math.floor(p.y * 5)}`)).size;
  if (!s || kept.length < FEWEST || cells < 5 || kept.length < 0.25 * pairs.length) {
    return { found: false, inliers: kept.length, pairs: pairs.length, cells };
  }
  return {
    found: true, inliers: kept.length, pairs: pairs.length, cells,
    sure: Math.min(1, (kept.length - FEWEST) / 40 + 0.3),
    scale: Math.hypot(s.a, s.b), roll: Math.atan2(s.b, s.a) * (180 / Math.PI),
    dx: s.x, dy: s.y, shear: shear(kept),
    tight: within(s, kept, CLOSE).length / kept.length,
  };
}

if (typeof WorkerGlobalScope !== "undefined" && self instanceof WorkerGlobalScope) {
  let reference = null;
  self.onmessage = ({ data }) => {
    const found = features(grey(data.rgba, data.width, data.height));
    if (data.kind === "reference") {
      reference = found;
      self.postMessage({ kind: "ready", corners: found.length });
    } else if (reference) {
      const began = performance.now();
      self.postMessage({ kind: "seen", ...compare(reference, found), ms: performance.now() - began });
    }
  };
}
