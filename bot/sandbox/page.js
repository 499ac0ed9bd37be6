import { fileSize, gist, make, safeLink, textNode } from "./page_text.js";

const $ = (id) => document.getElementById(id);
const state = {
  people: new Map(), bot: {}, current: 0, messages: new Map(), change: 0,
  replyTo: 0, files: [], session: 0, atEnd: true, seen: 0,
};
const WAIT = 25;

async function call(path, options = {}) {
  const response = await fetch(path, options);
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error || "Не получилось.");
  return answer;
}
const post = (path, body) => call(path, {
  method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
});
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const mine = (path) => `chats/${state.current}/${path}`;

let toastTimer = 0;
function toast(text) {
  $("toast").textContent = text;
  $("toast").hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => { $("toast").hidden = true; }, 4500);
}
async function attempt(act) {
  try {
    return await act();
  } catch (error) {
    toast(error.message);
    return null;
  }
}

/* People */

async function watchPeople() {
  let change = 0;
  let wait = 0;
  for (;;) {
    try {
      const answer = await call(`people?after=${change}&wait=${wait}`);
      change = answer.change;
      wait = WAIT;
      state.bot = answer.bot;
      $("bot-name").textContent = answer.bot.name;
      showLinks(answer.links);
      state.people = new Map(answer.people.map((person) => [person.user_id, person]));
      showPeople();
      showEntry();
    } catch {
      toast("Нет связи с песочницей, пробую снова…");
      await pause(2000);
    }
  }
}

function showLinks(links) {
  $("links").replaceChildren(...links
    .filter((link) => safeLink(link.url))
    .map((link) => make("a", { href: safeLink(link.url) }, link.title)));
}

function showPeople() {
  const focused = document.activeElement?.dataset?.user;
  const items = [...state.people.values()].map((person, index) => {
    const initials = person.name.split(" ").map((word) => word[0]).slice(0, 2).join("");
    const role = person.blocked ? "заблокировал бота" : person.note;
    const button = make(
      "button",
      {
        class: "person", type: "button", "data-user": person.user_id,
        "aria-current": person.user_id === state.current ? "true" : "false",
        onclick: () => open(person.user_id),
      },
      make("span", { class: `face c${index % 6}`, "aria-hidden": "true" }, initials),
      make("span", { class: "name" }, person.name),
      person.unread
        ? make("span", { class: "unread", "aria-label": `непрочитанных: ${person.unread}` }, String(person.unread))
        : make("span"),
      make("span", { class: "role" }, role || (person.started ? "" : "ещё не начинал")),
    );
    return make("li", {}, button);
  });
  $("people").replaceChildren(...items);
  if (focused) document.querySelector(`[data-user="${focused}"]`)?.focus();
}

function open(user) {
  state.current = user;
  state.session += 1;
  state.messages = new Map();
  state.change = 0;
  forgetReply();
  state.files = [];
  showChosen();
  const person = state.people.get(user);
  $("who").textContent = person.name;
  $("note").textContent = [person.note, person.username && `@${person.username}`].filter(Boolean).join(" · ");
  $("nobody").hidden = true;
  $("room").hidden = false;
  $("panes").classList.add("talking");
  $("log").replaceChildren();
  state.atEnd = true;
  state.seen = 0;
  location.hash = user;
  showPeople();
  showEntry();
  watchMessages(state.session);
  if (matchMedia("(min-width: 761px)").matches) $("text").focus();
}

function showEntry() {
  const person = state.people.get(state.current);
  if (!person) return;
  const talking = person.started && !person.blocked;
  $("composer").hidden = !talking;
  $("entry-start").hidden = talking;
  $("start").textContent = person.blocked ? "Перезапустить" : "Начать";
  $("block").hidden = !talking;
  $("commands-open").hidden = !person.commands.length;
  $("commands").replaceChildren(...person.commands.map((command) => make("li", {}, make(
    "button",
    { type: "button", onclick: () => { toggleCommands(false); say(`/${command.command}`); } },
    make("b", {}, `/${command.command}`),
    make("span", { class: "muted" }, command.description),
  ))));
}

/* Messages */

async function watchMessages(session) {
  let first = true;
  while (session === state.session) {
    try {
      const answer = await call(mine(`messages?after=${state.change}&wait=${first ? 0 : WAIT}`));
      if (session !== state.session) return;
      state.change = answer.change;
      first = false;
      $("typing").textContent = answer.action ? `${state.bot.name} ${doing(answer.action)}…` : "";
      if (answer.action) setTimeout(() => { $("typing").textContent = ""; }, 5000);
      takeIn(answer.messages);
    } catch {
      await pause(2000);
    }
  }
}

const doing = (action) => (action === "typing" ? "печатает" : "отправляет файл");

function takeIn(messages) {
  if (!messages.length) return;
  const log = $("log");
  const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 120;
  const before = Math.max(0, ...state.messages.keys());
  for (const message of messages) state.messages.set(message.id, message);
  for (const message of messages) place(message);
  showDays();
  const last = alive().at(-1);
  state.atEnd = atEnd || messages.some((each) => each.mine && each.id > before);
  stayAtEnd();
  showKeyboard();
  if (last && !last.mine && last.force_reply && last.id > before) reply(last);
  if (document.visibilityState === "visible") markSeen();
}

/** Pictures grow the log when they come: whoever read its end keeps reading its end. */
function stayAtEnd() {
  if (state.atEnd) $("log").scrollTop = $("log").scrollHeight;
}

const alive = () => [...state.messages.values()]
  .filter((message) => !message.deleted).sort((one, other) => one.id - other.id);

function place(message) {
  const old = document.getElementById(`m${message.id}`);
  if (message.deleted) {
    old?.remove();
    if (state.replyTo === message.id) forgetReply();
    return;
  }
  const focused = old?.contains(document.activeElement) && document.activeElement.textContent;
  const node = messageNode(message);
  if (old) {
    old.replaceWith(node);
  } else {
    const next = [...$("log").querySelectorAll(".message")]
      .find((each) => Number(each.dataset.id) > message.id);
    $("log").insertBefore(node, next || null);
  }
  if (focused) [...node.querySelectorAll("button, a")].find((each) => each.textContent === focused)?.focus();
}

function messageNode(message) {
  const bubble = make("div", { class: "bubble" });
  const original = message.reply_to && state.messages.get(message.reply_to);
  if (original && !original.deleted) {
    bubble.append(make("button", {
      class: "quote", type: "button", title: "Показать сообщение",
      onclick: () => document.getElementById(`m${original.id}`)?.scrollIntoView({ block: "center" }),
    }, gist(original)));
  }
  for (const file of message.files) bubble.append(fileNode(file));
  if (message.text) bubble.append(textNode(message, say));
  const time = new Date(message.date * 1000).toLocaleTimeString("ru", { hour: "2-digit", minute: "2-digit" });
  bubble.append(make(
    "div",
    { class: "meta" },
    message.reactions.length ? make("span", { class: "reactions" }, message.reactions.join("")) : "",
    make("button", { class: "quiet", type: "button", onclick: () => reply(message) }, "Ответить"),
    make("span", {}, message.edited ? `изменено, ${time}` : time),
  ));
  bubble.addEventListener("click", (event) => {
    const chosen = String(getSelection());
    if (!chosen && !event.target.closest("a, button")) reply(message);
  });
  bubble.addEventListener("click", followStartLink, true);
  const node = make(
    "div",
    { class: `message${message.mine ? " mine" : ""}${message.album ? " album" : ""}`, id: `m${message.id}`, "data-id": message.id },
    bubble,
  );
  if (message.buttons.length) node.append(buttonsNode(message));
  return node;
}

/** A link to this very bot with `?start=` presses «Начать» with its payload. */
function followStartLink(event) {
  const link = event.target.closest("a");
  if (!link) return;
  const url = new URL(link.href);
  if (url.host === "t.me" && url.pathname.slice(1) === state.bot.username && url.searchParams.has("start")) {
    event.preventDefault();
    event.stopPropagation();
    attempt(() => post(mine("start"), { payload: url.searchParams.get("start") }));
  }
}

function fileNode(file) {
  const address = mine(`files/${encodeURIComponent(file.id)}`);
  if (file.kind === "photo") {
    return make("a", { class: "picture", href: address, target: "_blank", rel: "noopener" },
      make("img", { src: address, alt: "Фото", width: file.width, height: file.height, onload: stayAtEnd }));
  }
  const suffix = file.name.includes(".") ? file.name.split(".").pop().slice(0, 5) : "файл";
  const picture = file.picture
    ? make("img", { src: mine(`files/${encodeURIComponent(file.picture)}`), alt: "", onload: stayAtEnd })
    : make("span", { class: "sheet", "aria-hidden": "true" }, suffix);
  return make("a", { class: "file", href: `${address}?download`, download: file.name }, picture,
    make("span", {}, make("b", {}, file.name), make("span", { class: "muted" }, fileSize(file.bytes))));
}

const STYLES = { success: "success", danger: "danger", primary: "primary-style" };

function buttonsNode(message) {
  return make("div", { class: "inline", role: "group", "aria-label": "Кнопки под сообщением" },
    ...message.buttons.map((row) => make("div", { class: "row" }, ...row.map((button) => {
      const style = STYLES[button.style] || "";
      if (button.web_app) {
        return make("button", { type: "button", class: style, onclick: () => openApp(message, button) }, `${button.text} ▣`);
      }
      const link = button.url && safeLink(button.url);
      if (link) {
        return make("a", { href: link, class: style, target: "_blank", rel: "noopener noreferrer" }, `${button.text} ↗`);
      }
      return make("button", { type: "button", class: style, onclick: (event) => press(event.currentTarget, message, button) }, button.text);
    }))));
}

/** A Mini App opens in a tab of its own; opened at once, or the browser takes it for a pop-up. */
async function openApp(message, button) {
  const tab = window.open("", "_blank");
  const answer = await attempt(() => post(mine("web_app"), { message_id: message.id, url: button.url }));
  if (!tab) toast("Браузер не дал открыть вкладку: разрешите всплывающие окна.");
  else if (answer) {
    tab.opener = null;
    tab.location.replace(answer.url);
  } else tab.close();
}

async function press(element, message, button) {
  if (button.copy) {
    await attempt(() => navigator.clipboard.writeText(button.copy));
    toast("Скопировано");
    return;
  }
  element.setAttribute("aria-busy", "true");
  const answer = await attempt(() => post(mine("press"), { message_id: message.id, data: button.data }));
  element.removeAttribute("aria-busy");
  if (!answer) return;
  if (!answer.answered) toast("Бот не ответил на нажатие.");
  else if (answer.alert) {
    $("alert-text").textContent = answer.text;
    $("alert").showModal();
  } else if (answer.text) toast(answer.text);
}

function showDays() {
  $("log").querySelectorAll(".day").forEach((node) => node.remove());
  let previous = "";
  for (const message of alive()) {
    const day = new Date(message.date * 1000).toLocaleDateString("ru", { day: "numeric", month: "long" });
    if (day !== previous) document.getElementById(`m${message.id}`)?.before(make("p", { class: "day" }, day));
    previous = day;
  }
}

function showKeyboard() {
  const last = alive().filter((message) => message.keyboard.length || message.keyboard_removed).at(-1);
  const rows = last?.keyboard ?? [];
  $("keyboard").hidden = !rows.length;
  $("keyboard").replaceChildren(...rows.map((row) => make("div", {}, ...row.map((label) => make(
    "button", { type: "button", onclick: () => say(label) }, label,
  )))));
}

function markSeen() {
  const last = alive().at(-1);
  if (!last || last.id <= state.seen) return;
  state.seen = last.id;
  post(mine("seen"), { message_id: last.id }).catch(() => {});
}

/* Writing */

function reply(message) {
  state.replyTo = message.id;
  $("replying-text").textContent = gist(message);
  $("replying").hidden = false;
  $("text").placeholder = message.placeholder || "Сообщение";
  $("text").focus();
}

function forgetReply() {
  state.replyTo = 0;
  $("replying").hidden = true;
  $("text").placeholder = "Сообщение";
}

const say = (text, replyTo = 0) => attempt(() => post(mine("text"), { text, reply_to: replyTo }));

async function send(event) {
  event.preventDefault();
  const text = $("text").value.trim();
  if (!text && !state.files.length) return;
  $("send").disabled = true;
  const sent = state.files.length ? await sendFiles(text) : await say(text, state.replyTo);
  $("send").disabled = false;
  if (!sent) return;
  $("text").value = "";
  grow();
  state.files = [];
  showChosen();
  forgetReply();
  $("text").focus();
}

function sendFiles(caption) {
  const form = new FormData();
  form.append("as", document.querySelector("input[name=as]:checked").value);
  form.append("caption", caption);
  form.append("reply_to", String(state.replyTo));
  for (const file of state.files) form.append("files", file, file.name);
  return attempt(() => call(mine("files"), { method: "POST", body: form }));
}

function choose(files) {
  state.files = [...state.files, ...files].slice(0, 10);
  showChosen();
  $("text").focus();
}

function showChosen() {
  $("chosen").hidden = !state.files.length;
  $("text").placeholder = state.files.length ? "Подпись" : "Сообщение";
  $("chosen-files").replaceChildren(...state.files.map((file, index) => make(
    "li", {}, `${file.name}, ${fileSize(file.size)}`,
    make("button", {
      type: "button", "aria-label": `Убрать ${file.name}`,
      onclick: () => { state.files.splice(index, 1); showChosen(); },
    }, "×"),
  )));
}

function grow() {
  const area = $("text");
  area.style.height = "auto";
  area.style.height = `${Math.min(area.scrollHeight + 2, 180)}px`;
}

function toggleCommands(shown) {
  $("commands").hidden = !shown;
  $("commands-open").setAttribute("aria-expanded", String(shown));
  if (shown) $("commands").querySelector("button")?.focus();
}

$("composer").addEventListener("submit", send);
$("text").addEventListener("input", grow);
$("text").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) $("composer").requestSubmit();
  if (event.key === "Enter" && !event.shiftKey) event.preventDefault();
});
$("text").addEventListener("paste", (event) => {
  if (event.clipboardData.files.length) { event.preventDefault(); choose(event.clipboardData.files); }
});
$("log").addEventListener("scroll", () => {
  const log = $("log");
  state.atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 120;
});
$("log").addEventListener("dragover", (event) => event.preventDefault());
$("log").addEventListener("drop", (event) => { event.preventDefault(); choose(event.dataTransfer.files); });
$("attach").addEventListener("click", () => $("files").click());
$("files").addEventListener("change", (event) => { choose(event.target.files); event.target.value = ""; });
$("commands-open").addEventListener("click", () => toggleCommands($("commands").hidden));
$("reply-off").addEventListener("click", forgetReply);
$("start").addEventListener("click", () => attempt(() => post(mine("start"), {})));
$("block").addEventListener("click", () => attempt(() => post(mine("block"), {})));
$("back").addEventListener("click", () => {
  $("panes").classList.remove("talking");
  state.session += 1;
  state.current = 0;
  history.replaceState(null, "", location.pathname);
  showPeople();
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  if (!$("commands").hidden) { toggleCommands(false); $("text").focus(); }
  else if (state.replyTo) forgetReply();
});
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible" && state.current) markSeen();
});
addEventListener("hashchange", openFromHash);

function openFromHash() {
  const user = Number(location.hash.slice(1));
  if (user && user !== state.current && state.people.has(user)) open(user);
}

watchPeople();
const ready = setInterval(() => {
  if (state.people.size) { clearInterval(ready); openFromHash(); }
}, 50);
