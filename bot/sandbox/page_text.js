// Message text with its entities as DOM nodes. Text is only ever put in as text, never as HTML.

const TAGS = {
  bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code", pre: "pre",
  blockquote: "blockquote", expandable_blockquote: "blockquote",
};
const LINKS = ["http:", "https:", "mailto:", "tg:"];

/** An element with attributes and children; strings become text nodes. */
export function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "class") node.className = value;
    else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value !== false) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children);
  return node;
}

/** The address if it is one a page may lead to, else null. */
export function safeLink(address) {
  try {
    const url = new URL(address);
    return LINKS.includes(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

function wrapped(entity, text, onCommand) {
  const kind = entity.type;
  if (TAGS[kind]) return make(TAGS[kind]);
  if (kind === "spoiler") return make("span", { class: "spoiler", tabindex: "0" });
  if (kind === "bot_command") {
    return make("button", { class: "command", type: "button", onclick: () => onCommand(text) });
  }
  const target = { text_link: entity.url, url: text, email: `mailto:${text}` }[kind];
  const link = target && safeLink(target);
  return link
    ? make("a", { href: link, target: "_blank", rel: "noopener noreferrer" })
    : make("span");
}

/** Fills `parent` with the text between two UTF-16 offsets; entities are sorted and nested. */
function fill(parent, text, entities, start, end, onCommand) {
  let position = start;
  let index = 0;
  while (index < entities.length) {
    const entity = entities[index];
    const from = Math.max(entity.offset, position);
    const to = Math.min(entity.offset + entity.length, end);
    const inside = [];
    for (index += 1; index < entities.length && entities[index].offset < to; index += 1) {
      inside.push(entities[index]);
    }
    if (to <= from) continue;
    parent.append(text.slice(position, from));
    const node = wrapped(entity, text.slice(from, to), onCommand);
    fill(node, text, inside, from, to, onCommand);
    parent.append(node);
    position = to;
  }
  parent.append(text.slice(position, end));
}

/** The text of a message as an element. */
export function textNode(message, onCommand) {
  const node = make("div", { class: "text" });
  fill(node, message.text, message.entities, 0, message.text.length, onCommand);
  return node;
}

export function fileSize(bytes) {
  if (bytes < 1024) return `${bytes} Б`;
  const unit = bytes < 1024 * 1024 ? ["КБ", 1024] : ["МБ", 1024 * 1024];
  return `${(bytes / unit[1]).toLocaleString("ru", { maximumFractionDigits: 1 })} ${unit[0]}`;
}

export function gist(message) {
  const text = message.text.replace(/\s+/g, " ").trim();
  if (text) return text.slice(0, 140);
  const file = message.files[0];
  return file ? (file.kind === "photo" ? "Фото" : file.name) : "Сообщение";
}
