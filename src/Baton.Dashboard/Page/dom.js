// What all parts of the page use: elements, and times as people read them. Text from the server is only ever set as text.

const svg = "http://www.w3.org/2000/svg";

export const byId = id => document.getElementById(id);

/** Makes an element with attributes and children. A child that is a string becomes a text node. */
export function el(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) {
      node.setAttribute(key, value === true ? "" : value);
    }
  }
  node.append(...children.filter(child => child !== null && child !== undefined));
  return node;
}

export function shape(name, attributes) {
  const node = document.createElementNS(svg, name);
  for (const [key, value] of Object.entries(attributes)) {
    node.setAttribute(key, value);
  }
  return node;
}

/** Sets a text only if it differs, so that what stays the same costs nothing and keeps its selection. */
export function say(node, text) {
  if (node.textContent !== text) {
    node.textContent = text;
  }
}

export function mark(node, name, value) {
  if (value === null || value === undefined) {
    node.removeAttribute(name);
  } else if (node.getAttribute(name) !== String(value)) {
    node.setAttribute(name, value);
  }
}

/** 0.4 ms, 35 ms, 1.25 s, 2 min 5 s, 3 h 2 min. */
export function time(ms) {
  if (ms < 1) return ms === 0 ? "0 ms" : `${ms.toFixed(1)} ms`;
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 10_000) return `${(ms / 1000).toFixed(2)} s`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor(seconds % 3600 / 60)} min`;
}

export const percent = share =>
  share === 0 ? "0 %" : share < 0.001 ? "< 0.1 %" : `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;

export const count = number => number.toLocaleString("en");

const causes = {
  completed: "completed",
  client_disconnected: "client left",
  timeout: "deadline passed",
  shutdown: "server stops",
  aborted: "aborted",
  canceled: "canceled",
};

export const causeText = name => causes[name] ?? name;

const setters = {
  server: "the server", endpoint: "the endpoint", policy: "a policy", caller: "the caller",
};

export function setter(deadline) {
  if (deadline.source === "policy" && deadline.policy) return `the policy ${deadline.policy}`;
  return setters[deadline.source] ?? "the application";
}

export const nameOf = one => `${one.method ?? ""} ${one.route ?? "(no route)"}`.trim();

/** To whom a call goes; and since when, with how much time. */
export function callText(call) {
  const given = call.givenMs === undefined ? "" : `, was given ${time(call.givenMs)}`;
  const what = [call.operation, call.target ?? call.kind].filter(Boolean).join(" ");
  return [what, `${call.kind}, ${time(call.ageMs)}${given}`];
}

/** Lets the buttons of a table's head sort it. The current order is told to screen readers. */
export function sortable(table, first, changed) {
  const order = { ...first };
  const buttons = [...table.querySelectorAll(".sort")];
  const show = () => {
    for (const button of buttons) {
      mark(button.closest("th"), "aria-sort", button.dataset.sort === order.by
        ? order.down ? "descending" : "ascending"
        : null);
    }
  };
  for (const button of buttons) {
    button.addEventListener("click", () => {
      order.down = order.by === button.dataset.sort ? !order.down : button.dataset.sort !== "route";
      order.by = button.dataset.sort;
      show();
      changed();
    });
  }
  show();
  return order;
}
