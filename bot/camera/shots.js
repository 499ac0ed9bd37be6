/* Shots on their way: kept on the telephone until the server says that it has them. */

const WAITS = [1000, 3000, 8000, 20000];
const pause = (milliseconds) => new Promise((resolve) => { setTimeout(resolve, milliseconds); });

const done = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

async function store(mode, act) {
  const opening = indexedDB.open("rakurs-camera", 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore("shots", { keyPath: "id" });
  const database = await done(opening);
  try {
    return await done(act(database.transaction("shots", mode).objectStore("shots")));
  } finally {
    database.close();
  }
}

/** A private window keeps nothing: the shot then lives as long as the page. */
export async function keep(shot) {
  try { await store("readwrite", (shots) => shots.put(shot)); } catch { /* told by the page's own state */ }
}
export async function forget(id) {
  try { await store("readwrite", (shots) => shots.delete(id)); } catch { /* nothing was kept */ }
}
export async function waiting() {
  try { return await store("readonly", (shots) => shots.getAll()); } catch { return []; }
}

/** The server's sentence; `opened`: only because the page was opened too long ago. */
export class RefusedError extends Error {
  constructor(sentence, status = 0) {
    super(sentence);
    this.opened = status === 403;
  }
}

/** Sends until the server answers. Its refusal is final, a broken line is not. */
export async function send(shot, signed, told) {
  for (let attempt = 0; ; attempt += 1) {
    const facts = new URLSearchParams({ ...shot.facts, case: shot.case, shot: shot.id,
      age: Math.max(0, (Date.now() - shot.at) / 1000).toFixed(1) });
    let response = null;
    try {
      response = await fetch(`shots?${facts}`, {
        method: "POST", body: shot.picture,
        headers: { Authorization: `tma ${signed}`, "Content-Type": "image/jpeg" },
      });
    } catch { /* no line now */ }
    const answer = response && await response.json().catch(() => null);
    if (response?.ok && answer) return answer.said;
    if (response && response.status < 500 && answer) throw new RefusedError(answer.error, response.status);
    told(answer?.error || "Нет связи. Снимок цел, отправляю ещё раз…");
    await pause(WAITS[Math.min(attempt, WAITS.length - 1)]);
  }
}
