// The requests in flight: one row each, which is made once and then only changed.

import { byId, callText, causeText, count, el, mark, nameOf, say, setter, sortable, time } from "./dom.js";
import { Detail } from "./detail.js";

const rows = new Map();
const body = byId("flight").tBodies[0];
const order = sortable(byId("flight"), { by: "state", down: true }, show);
let live = null, linked = linkedId();

for (const id of ["search", "route", "state"]) {
  byId(id).addEventListener("input", show);
}
byId("tools").addEventListener("submit", event => event.preventDefault());
addEventListener("hashchange", () => { linked = linkedId(); openLinked(); });

export function takeRequests(data) {
  live = data;
  show();
  showRoutes();
  openLinked();
}

/** What stands behind the # of a link to one request. */
function linkedId() {
  return /^#[0-9a-f]{6}-[0-9a-f]{1,16}$/.test(location.hash) ? location.hash.slice(1) : null;
}

function isLow(request) {
  return request.deadline !== null && request.end === null
    && request.deadline.remainingMs < request.deadline.totalMs / 5;
}

function matches(request) {
  const text = byId("search").value.trim().toLowerCase();
  const state = byId("state").value, route = byId("route").value;
  return (!route || (request.route ?? "(no route)") === route)
    && (!state
      || state === "running" && request.end === null
      || state === "done" && request.end !== null
      || state === "hurried" && isLow(request)
      || state === "calling" && request.calls.length > 0
      || state === "endless" && request.deadline === null)
    && (!text || [nameOf(request), request.id, request.trace ?? "", request.end?.cause ?? "",
      ...request.calls.map(call => `${call.kind} ${call.target ?? ""} ${call.operation ?? ""}`)]
      .join(" ").toLowerCase().includes(text));
}

const values = {
  route: request => nameOf(request),
  state: request => request.end === null ? request.ageMs / 1e12 : 1 + request.end.overrunMs,
  age: request => request.ageMs,
  left: request => request.deadline === null ? Infinity : request.deadline.remainingMs,
  waits: request => request.calls[0]?.ageMs ?? -1,
};

function sorted(requests) {
  const value = values[order.by], sign = order.down ? -1 : 1;
  return requests.map(request => [value(request), request])
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0) * sign).map(([, request]) => request);
}

function show() {
  if (live === null) return;
  const listed = sorted(live.requests.filter(matches));
  const ids = new Set(live.requests.map(request => request.id));
  for (const [id, row] of rows) {
    if (!ids.has(id)) {
      row.remove();
      rows.delete(id);
    }
  }
  const shown = new Set(listed.map(request => request.id));
  for (const [id, row] of rows) {
    if (!shown.has(id)) row.remove();
  }

  // Rows stay where they are as far as they can: moving the one that has the focus would take the focus away.
  let next = body.firstElementChild;
  for (const request of listed) {
    let row = rows.get(request.id);
    if (!row) rows.set(request.id, row = new Row(request));
    row.take(request);
    if (row.node === next) {
      next = next.nextElementSibling;
    } else {
      body.insertBefore(row.node, next);
    }
    if (row.detail) {
      if (row.detail.node === next) next = next.nextElementSibling;
      else body.insertBefore(row.detail.node, next);
    }
  }
  showNothing(listed.length === 0);
  showNote(listed.length);
}

let nothing = null;
function showNothing(isEmpty) {
  nothing ??= el("tr", { class: "nothing", role: "row" }, el("td", { colspan: "5", class: "empty", role: "cell" }));
  if (isEmpty) {
    say(nothing.firstElementChild, live.inFlight === 0 ? "No request is in flight." : "No request matches.");
    body.append(nothing);
  } else {
    nothing.remove();
  }
}

function showNote(listed) {
  const parts = [];
  if (listed < live.requests.length) parts.push(`${count(listed)} of ${count(live.requests.length)} match.`);
  if (live.notListed > 0) parts.push(`${count(live.notListed)} more are in flight and not listed.`);
  say(byId("flight-note"), parts.join(" "));
}

function showRoutes() {
  const select = byId("route");
  const routes = [...new Set(live.requests.map(request => request.route ?? "(no route)"))].sort();
  const known = new Set([...select.options].map(option => option.value));
  for (const route of routes) {
    if (!known.has(route)) select.append(el("option", { value: route }, route));
  }
}

/** Opens the request that the address names; says so if it has ended. */
function openLinked() {
  const notice = byId("linked");
  if (linked === null) {
    notice.hidden = true;
    return;
  }
  const row = rows.get(linked);
  if (row) {
    notice.hidden = true;
    if (!row.wasLinked) {
      row.wasLinked = true;
      row.open(true);
      row.node.classList.add("linked");
      row.node.scrollIntoView({ block: "nearest" });
    }
  } else if (notice.hidden || notice.dataset.id !== linked) {
    notice.dataset.id = linked;
    notice.hidden = false;
    fetch(`requests/${linked}`).then(async response => say(notice, response.ok
      ? `Request ${linked} is in flight, but is not among those listed.`
      : (await response.text()).trim()));
  }
}

class Row {
  constructor(request) {
    this.id = request.id;
    this.detail = null;
    this.button = el("button", { type: "button", class: "open", "aria-expanded": "false" },
      el("span", {},
        el("span", { class: "method" }, request.method ?? ""), " ",
        el("span", { class: "mono" }, request.route ?? "(no route)")));
    this.button.addEventListener("click", () => this.open(this.detail === null));
    this.pill = el("span", { class: "pill" });
    this.over = el("span", { class: "over" });
    this.age = el("td", { class: "right", role: "cell" });
    this.fill = el("span");
    this.bar = el("div", { class: "bar", "aria-hidden": "true" }, this.fill);
    this.left = el("span", { class: "small" });
    this.calls = el("ul", { class: "calls" });
    this.node = el("tr", { class: "request", role: "row", "data-id": request.id },
      el("td", { role: "cell" }, this.button),
      el("td", { role: "cell" }, this.pill, this.over),
      this.age,
      el("td", { role: "cell" }, this.bar, this.left),
      el("td", { role: "cell" }, this.calls));
  }

  take(request) {
    this.request = request;
    const end = request.end;
    this.node.classList.toggle("done", end !== null);
    say(this.pill, end === null ? "running" : `done: ${causeText(end.cause)}`);
    say(this.over, end === null ? "" : `runs on for ${time(end.overrunMs)}`);
    say(this.age, `${request.isOlder ? "> " : ""}${time(request.ageMs)}`);
    this.takeDeadline(request.deadline, end);
    this.takeCalls(request);
    this.detail?.take(request);
  }

  takeDeadline(deadline, end) {
    this.bar.hidden = deadline === null;
    if (deadline === null) {
      say(this.left, "none");
      return;
    }
    const used = Math.min(1, 1 - deadline.remainingMs / Math.max(1, deadline.totalMs));
    this.fill.style.width = `${(used * 100).toFixed(1)}%`;
    mark(this.bar, "data-level", deadline.remainingMs === 0 ? "over" : used > 0.8 ? "low" : null);
    say(this.left, deadline.remainingMs === 0
      ? `passed, of ${time(deadline.totalMs)} by ${setter(deadline)}`
      : `${time(deadline.remainingMs)} left of ${time(deadline.totalMs)}, by ${setter(deadline)}`);
  }

  takeCalls(request) {
    const texts = request.calls.map(call => callText(call));
    if (request.moreCalls > 0) texts.push(["", `and ${count(request.moreCalls)} more`]);
    while (this.calls.childElementCount > texts.length) this.calls.lastElementChild.remove();
    texts.forEach(([who, since], index) => {
      let item = this.calls.children[index];
      if (!item) {
        item = el("li", {}, el("span", { class: "mono" }), " ", el("span", { class: "small" }));
        this.calls.append(item);
      }
      say(item.firstElementChild, who);
      say(item.lastElementChild, since);
    });
  }

  open(isOpen) {
    if (isOpen === (this.detail !== null)) return;
    mark(this.button, "aria-expanded", isOpen);
    if (isOpen) {
      this.detail = new Detail(this.request, () => { this.open(false); show(); });
      this.node.after(this.detail.node);
    } else {
      this.detail.close();
      this.detail = null;
    }
  }

  remove() {
    this.detail?.node.remove();
    this.node.remove();
    if (!live.requests.some(request => request.id === this.id)) this.detail?.close();
  }
}
