/* What to do next, in one sentence, from what the worker saw and what the telephone knows. */

export const LIMITS = { dx: 0.08, dy: 0.06, roll: 5, scale: 1.17, shear: 0.08, tight: 0.9 };
const FAR = 30;
const ASTRAY = 35;

/** Metres between two places; the Earth is flat over a yard. */
export function metres(one, other) {
  const north = (one.latitude - other.latitude) * 111320;
  const east = (one.longitude - other.longitude) * 111320 * Math.cos(one.latitude * (Math.PI / 180));
  return Math.hypot(north, east);
}

const signed = (degrees) => ((degrees + 540) % 360) - 180;

function lost(photo, fix, heading) {
  if (fix && photo.latitude !== null) {
    const away = metres(fix, photo);
    if (away > Math.max(FAR, 2 * fix.accuracy)) {
      return { icon: "⌖", text: `Место съёмки примерно в ${Math.round(away / 10) * 10} м отсюда` };
    }
  }
  if (heading !== null && photo.direction !== null) {
    const turn = signed(photo.direction - heading);
    if (Math.abs(turn) > ASTRAY) {
      return turn > 0
        ? { icon: "→", text: "Повернитесь направо: заявитель снимал в ту сторону" }
        : { icon: "←", text: "Повернитесь налево: заявитель снимал в ту сторону" };
    }
  }
  return { icon: "?", text: "Пока не узнаю место: наведите на те же дома и столбы, что на фото" };
}

/** Each departure as a share of its limit, with what undoes it. */
function departures(seen) {
  const { dx, dy, roll, shear } = seen;
  const near = Math.log(seen.scale) / Math.log(LIMITS.scale);
  return [
    [Math.abs(roll) / LIMITS.roll, roll < 0
      ? { icon: "↺", text: "Наклоните телефон влево" } : { icon: "↻", text: "Наклоните телефон вправо" }],
    [Math.abs(near), near > 0
      ? { icon: "↓", text: "Отойдите назад" } : { icon: "↑", text: "Подойдите ближе" }],
    [Math.abs(shear) / LIMITS.shear, shear < 0
      ? { icon: "⇐", text: "Сделайте шаг влево" } : { icon: "⇒", text: "Сделайте шаг вправо" }],
    [Math.abs(dx) / LIMITS.dx, dx > 0
      ? { icon: "→", text: "Направьте камеру правее" } : { icon: "←", text: "Направьте камеру левее" }],
    [Math.abs(dy) / LIMITS.dy, dy > 0
      ? { icon: "↓", text: "Направьте камеру ниже" } : { icon: "↑", text: "Направьте камеру выше" }],
  ];
}

/** `seen`: the worker's answer; `photo`: the citizen's; `fix`, `heading`: null where unknown. */
export function hint(seen, photo, fix, heading) {
  if (!seen.found) return { ...lost(photo, fix, heading), state: "lost" };
  const sure = seen.inliers >= 40 ? "" : " (не уверен)";
  const [most, what] = departures(seen).reduce((one, other) => (other[0] > one[0] ? other : one));
  if (most > 1) return { icon: what.icon, text: what.text + sure, state: "off" };
  if (seen.tight < LIMITS.tight) {
    return { icon: "⇔", text: `Почти: сделайте небольшой шаг в сторону${sure}`, state: "off" };
  }
  return sure
    ? { icon: "✓", text: "Похоже на тот же ракурс, но места узнаю мало", state: "maybe" }
    : { icon: "✓", text: "Ракурс совпадает — снимайте", state: "good" };
}
