// Elements are made here and nowhere else. Text goes in as text, never as markup: names of tables, nodes and reasons
// are whatever people and databases make them.

const SVG = 'http://www.w3.org/2000/svg';
const keys = new WeakMap();

function furnish(node, properties, children) {
  for (const [name, value] of Object.entries(properties || {})) {
    if (name === 'class') node.setAttribute('class', value);
    else if (name === 'on') for (const [event, act] of Object.entries(value)) node.addEventListener(event, act);
    else if (value !== undefined && value !== null && value !== false) node.setAttribute(name, value === true ? '' : value);
  }
  node.append(...children.flat().filter(child => child !== null && child !== undefined && child !== false));
  return node;
}

export const el = (tag, properties, ...children) => furnish(document.createElement(tag), properties, children);

export const svg = (tag, properties, ...children) => furnish(document.createElementNS(SVG, tag), properties, children);

// Only what is different is touched, so that a screen reader and a selection are left in peace.
export function say(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

export function set(node, name, value) {
  if (node.getAttribute(name) !== String(value)) node.setAttribute(name, value);
}

// Builds the children anew if what they show is different from the last time.
export function show(node, value, build) {
  const key = JSON.stringify(value);
  if (keys.get(node) === key) return;
  keys.set(node, key);
  node.replaceChildren(...[build(value)].flat().filter(Boolean));
}

const numbers = new Intl.NumberFormat('en');
export const number = value => numbers.format(Math.round(value));

// ISO 8601 as java.time.Duration writes it, in seconds.
export function seconds(duration) {
  const parts = /^PT(?:(-?\d+)H)?(?:(-?\d+)M)?(?:(-?[\d.]+)S)?$/.exec(duration || '');
  return parts ? (Number(parts[1] || 0) * 60 + Number(parts[2] || 0)) * 60 + Number(parts[3] || 0) : null;
}

export function spell(total) {
  if (total === null || total === undefined) return '';
  const s = Math.max(0, Math.round(total));
  if (s < 60) return `${s} s`;
  if (s < 3600) return s % 60 ? `${Math.floor(s / 60)} min ${s % 60} s` : `${s / 60} min`;
  const minutes = Math.round(s / 60);
  return minutes % 60 ? `${Math.floor(minutes / 60)} h ${minutes % 60} min` : `${minutes / 60} h`;
}

export const clock = instant => new Date(instant).toLocaleTimeString('en-GB');
