import { hint } from "./hint.js";
import { RefusedError, forget, keep, send, waiting } from "./shots.js";

const $ = (id) => document.getElementById(id);
const LOOK_EVERY = 350;
const SMALL = 480;
const FAIR = 0.92;
const CASE = new URLSearchParams(location.search).get("case") ?? "";
/* Telegram hands the signed data over in the fragment; no script of another host is needed. */
const SIGNED = new URLSearchParams(location.hash.slice(1)).get("tgWebAppData") ?? "";

const state = { photos: [], at: 0, fix: null, heading: null, shot: null, stream: null, watch: 0 };

/** Tells Telegram's client what its own script would. */
function tell(event) {
  const body = JSON.stringify({ eventType: event, eventData: {} });
  if (window.TelegramWebviewProxy) window.TelegramWebviewProxy.postEvent(event, "{}");
  else if (window.parent !== window) window.parent.postMessage(body, "https://web.telegram.org");
}

function leave() {
  stopCamera();
  tell("web_app_close");
  window.close();
}

function stop(text, title = "Камера здесь не работает") {
  stopCamera();
  $("stop-title").textContent = title;
  $("stop-text").textContent = text;
  for (const id of ["start", "stage", "controls"]) $(id).hidden = true;
  $("stop").hidden = false;
  $("stop-close").focus();
}

async function ask(path, parameters = {}) {
  const query = new URLSearchParams({ case: CASE, ...parameters });
  const response = await fetch(`${path}?${query}`, { headers: { Authorization: `tma ${SIGNED}` } });
  if (response.ok) return response;
  const answer = await response.json().catch(() => null);
  throw new RefusedError(answer?.error || "Сервер не отвечает. Попробуйте ещё раз через минуту.");
}

async function begin() {
  tell("web_app_ready");
  tell("web_app_expand");
  if (!SIGNED) {
    stop("Страница открыта не из Telegram. Откройте камеру кнопкой под карточкой сообщения.");
    return;
  }
  try {
    const known = await (await ask("case")).json();
    $("number").textContent = known.number;
    $("place").textContent = known.place;
    for (const photo of known.photos) {
      const picture = await (await ask("photo", { photo: photo.id })).blob();
      state.photos.push({ ...photo, address: URL.createObjectURL(picture) });
    }
  } catch (refusal) {
    stop(refusal instanceof RefusedError ? refusal.message
      : "Нет связи с сервером. Проверьте интернет и откройте камеру ещё раз.", "Не получилось открыть камеру");
    return;
  }
  sendWaiting();
  if (!state.photos.length) {
    stop("Фото заявителя не открывается, поэтому подсказать ракурс не по чему.", "Нет фото для сравнения");
  } else if (!window.isSecureContext || !navigator.mediaDevices?.getUserMedia) {
    stop("Этот браузер не даёт странице камеру: нужна защищённая связь (https).");
  } else {
    $("sample").src = state.photos[0].address;
    $("start").hidden = false;
    $("open").focus();
  }
}

/* Camera and what it sees */

async function openCamera() {
  $("open").disabled = true;
  try {
    state.stream = await navigator.mediaDevices.getUserMedia({
      audio: false,
      video: { facingMode: { ideal: "environment" }, width: { ideal: 4096 }, height: { ideal: 3072 } },
    });
  } catch (refusal) {
    stop(refusal.name === "NotAllowedError"
      ? "Доступ к камере не разрешён. Разрешите его в настройках Telegram и откройте камеру ещё раз."
      : "Камера не нашлась или занята другой программой.");
    return;
  }
  if ($("consent").checked) await watchPlace();
  $("video").srcObject = state.stream;
  await $("video").play();
  $("start").hidden = true;
  $("stage").hidden = false;
  $("controls").hidden = false;
  await choose(0);
  $("shoot").focus();
  looking();
}

function stopCamera() {
  state.stream?.getTracks().forEach((track) => track.stop());
  state.stream = null;
  if (state.watch) navigator.geolocation.clearWatch(state.watch);
}

async function watchPlace() {
  state.watch = navigator.geolocation?.watchPosition(
    ({ coords }) => { state.fix = coords; showKnown(); },
    () => { state.fix = null; showKnown(); },
    { enableHighAccuracy: true, maximumAge: 5000 },
  ) ?? 0;
  if (typeof DeviceOrientationEvent === "undefined") return;
  if (DeviceOrientationEvent.requestPermission) {
    const answer = await DeviceOrientationEvent.requestPermission().catch(() => "denied");
    if (answer !== "granted") return;
  }
  for (const name of ["deviceorientationabsolute", "deviceorientation"]) addEventListener(name, turned);
}

/** Whither the back camera looks, degrees from north (W3C, «Device Orientation», worked example). */
function turned(event) {
  if (typeof event.webkitCompassHeading === "number") {
    state.heading = event.webkitCompassHeading;
  } else if (event.absolute && event.alpha !== null) {
    const [a, b, c] = [event.alpha, event.beta, event.gamma].map((each) => each * (Math.PI / 180));
    const east = -Math.cos(a) * Math.sin(c) - Math.sin(a) * Math.sin(b) * Math.cos(c);
    const north = -Math.sin(a) * Math.sin(c) + Math.cos(a) * Math.sin(b) * Math.cos(c);
    state.heading = (Math.atan2(east, north) * (180 / Math.PI) + 360) % 360;
  } else return;
  showKnown();
}

function showKnown() {
  const known = [];
  if (state.fix) known.push(`место ±${Math.round(state.fix.accuracy)} м`);
  if (state.heading !== null) known.push("направление");
  $("known").textContent = known.join(", ");
}

const worker = new Worker("match.js");
const asked = { ready: null, seen: null };
worker.onmessage = ({ data }) => asked[data.kind]?.(data);

function look(kind, source, width, height) {
  const share = SMALL / Math.max(width, height);
  const canvas = new OffscreenCanvas(Math.round(width * share), Math.round(height * share));
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  pen.drawImage(source, 0, 0, canvas.width, canvas.height);
  const { data } = pen.getImageData(0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => {
    asked[kind === "reference" ? "ready" : "seen"] = resolve;
    worker.postMessage({ kind, rgba: data, width: canvas.width, height: canvas.height }, [data.buffer]);
  });
}

async function choose(index) {
  state.at = index % state.photos.length;
  const photo = state.photos[state.at];
  $("overlay").src = photo.address;
  $("next").hidden = state.photos.length < 2;
  $("next").textContent = `Фото ${state.at + 1} из ${state.photos.length}`;
  await $("overlay").decode();
  photo.corners = (await look("reference", $("overlay"), $("overlay").naturalWidth, $("overlay").naturalHeight)).corners;
}

async function looking() {
  const video = $("video");
  while (state.stream) {
    if (!state.shot && video.videoWidth && document.visibilityState === "visible") {
      const seen = await look("frame", video, video.videoWidth, video.videoHeight);
      if (!state.shot && state.stream) say(hint(seen, state.photos[state.at], state.fix, state.heading));
    }
    await new Promise((resolve) => { setTimeout(resolve, LOOK_EVERY); });
  }
}

function say({ icon, text, state: kind }) {
  if ($("words").textContent === text) return;
  $("hint").dataset.state = kind;
  $("icon").textContent = icon;
  $("words").textContent = text;
}

/* The shot */

async function shoot() {
  const video = $("video");
  const canvas = Object.assign(document.createElement("canvas"), { width: video.videoWidth, height: video.videoHeight });
  canvas.getContext("2d").drawImage(video, 0, 0);
  const at = Date.now();
  const facts = {};
  if (state.fix) {
    Object.assign(facts, { latitude: state.fix.latitude, longitude: state.fix.longitude, accuracy: state.fix.accuracy });
  }
  if (state.heading !== null) facts.heading = state.heading.toFixed(1);
  const picture = await new Promise((resolve) => { canvas.toBlob(resolve, "image/jpeg", FAIR); });
  state.shot = { id: crypto.randomUUID(), case: CASE, at, facts, picture };
  $("shot").src = URL.createObjectURL(picture);
  $("shot").hidden = false;
  show("deciding");
  say({ icon: "", text: "Проверьте резкость: снимок уйдёт в поручение", state: "lost" });
  $("send").focus();
}

function aim() {
  URL.revokeObjectURL($("shot").src);
  state.shot = null;
  $("shot").hidden = true;
  show("aiming");
  say({ icon: "?", text: "Смотрю…", state: "lost" });
  $("shoot").focus();
}

function show(row) {
  for (const id of ["aiming", "deciding", "after"]) $(id).hidden = id !== row;
  $("fade-row").hidden = row !== "aiming";
}

async function sendShot() {
  $("send").disabled = true;
  $("again").disabled = true;
  say({ icon: "…", text: "Отправляю снимок", state: "lost" });
  await keep(state.shot);
  let kept = false;
  try {
    const said = await send(state.shot, SIGNED, (text) => say({ icon: "…", text, state: "off" }));
    say({ icon: "✓", text: said, state: "good" });
    show("after");
    $("finish").focus();
  } catch (refusal) {
    say({ icon: "!", text: refusal.opened ? `${refusal.message} Снимок цел: уйдёт сам.` : refusal.message, state: "off" });
    show("after");
    $("more").focus();
    kept = refusal.opened;
  }
  if (!kept) await forget(state.shot.id);
  $("send").disabled = false;
  $("again").disabled = false;
}

/** What an earlier opening could not send. */
async function sendWaiting() {
  for (const shot of await waiting()) {
    let said = "";
    try {
      said = `Прежний снимок отправлен. ${await send(shot, SIGNED, () => {})}`;
    } catch (refusal) {
      said = `Прежний снимок не принят. ${refusal.message}`;
    }
    $("earlier").textContent = said;
    $("earlier").hidden = false;
    await forget(shot.id);
  }
}

$("open").addEventListener("click", openCamera);
$("shoot").addEventListener("click", shoot);
$("again").addEventListener("click", aim);
$("more").addEventListener("click", aim);
$("send").addEventListener("click", sendShot);
$("next").addEventListener("click", () => choose(state.at + 1));
$("fade").addEventListener("input", () => { $("overlay").style.opacity = $("fade").value / 100; });
for (const id of ["close", "finish", "stop-close"]) $(id).addEventListener("click", leave);
begin();
