// One request, opened: all that is known of it, the contexts derived from its own, and the button that cancels it.

import { callText, causeText, count, el, say, setter, time } from "./dom.js";

let cancel = null;

/** The token with which this user may cancel requests; null if the user may not. */
export function allowCancel(given) {
  cancel = given;
}

export class Detail {
  constructor(request, closed) {
    this.id = request.id;
    this.facts = el("dl", { class: "facts" });
    this.tree = el("div", { class: "tree" });
    this.calls = el("ul", { class: "calls" });
    this.said = el("span", { class: "small", role: "status" });
    const copy = el("button", { type: "button", class: "button" }, "Copy link");
    copy.addEventListener("click", () => this.copy());
    this.cancelButton = cancel === null ? null
      : el("button", { type: "button", class: "button danger" }, "Cancel request");
    this.cancelButton?.addEventListener("click", () => this.cancel());
    const close = el("button", { type: "button", class: "button" }, "Close");
    close.addEventListener("click", closed);
    this.node = el("tr", { class: "detail", role: "row" }, el("td", { colspan: "5", role: "cell" },
      el("div", { class: "detail-grid" },
        el("div", {}, el("h3", {}, "Contexts"), this.tree, el("h3", {}, "Calls"), this.calls),
        el("div", {}, el("h3", {}, "Request"), this.facts)),
      el("div", { class: "actions" }, this.cancelButton, copy, close, this.said)));
    this.take(request);
    this.load();
    this.timer = setInterval(() => document.visibilityState === "hidden" || this.load(), 1000);
  }

  take(request) {
    const facts = [
      ["Id", request.id],
      ["Trace", request.trace],
      ["Age", `${request.isOlder ? "more than " : ""}${time(request.ageMs)}`],
      ["Deadline", request.deadline === null ? "none"
        : `${time(request.deadline.totalMs)}, set by ${setter(request.deadline)}; ${time(request.deadline.remainingMs)} left`],
      ["Ended by", request.end === null ? null
        : `${causeText(request.end.cause)} (${request.end.type}), ${time(request.end.overrunMs)} ago`],
      ["Keys", this.keys?.join(", ")],
    ].filter(([, value]) => value);
    if (this.facts.childElementCount !== facts.length * 2) {
      this.facts.replaceChildren(...facts.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]));
    } else {
      facts.forEach(([, value], index) => say(this.facts.children[index * 2 + 1], value));
    }
    if (this.cancelButton && request.end !== null) this.cancelButton.disabled = true;
  }

  async load() {
    try {
      const response = await fetch(`requests/${this.id}`);
      if (!response.ok) {
        say(this.said, (await response.text()).trim());
        this.stop();
        return;
      }
      const whole = await response.json();
      this.keys = whole.keys;
      this.take(whole);
      this.tree.replaceChildren(el("ul", {}, node(whole.contexts)));
      this.calls.replaceChildren(...(whole.calls.length === 0 ? [el("li", { class: "small" }, "none")]
        : whole.calls.map(call => {
          const [who, since] = callText(call);
          return el("li", {}, el("span", { class: "mono" }, who), " ", el("span", { class: "small" }, since));
        })));
    } catch {
      say(this.said, "The server does not respond.");
    }
  }

  async copy() {
    const link = new URL(`#${this.id}`, location.href);
    history.replaceState(null, "", link);
    try {
      await navigator.clipboard.writeText(link.href);
      say(this.said, "The link is copied.");
    } catch {
      say(this.said, "The link is in the address bar.");
    }
  }

  async cancel() {
    this.cancelButton.disabled = true;
    try {
      const response = await fetch(`requests/${this.id}/cancel`, {
        method: "POST", headers: { [cancel.header]: cancel.token },
      });
      say(this.said, response.ok ? "Canceled." : (await response.text()).trim());
    } catch {
      say(this.said, "The server does not respond.");
      this.cancelButton.disabled = false;
    }
  }

  stop() {
    clearInterval(this.timer);
  }

  close() {
    this.stop();
    this.node.remove();
  }
}

function node(context) {
  const chips = context.keys.map(key => el("span", { class: "chip" }, `key ${key}`));
  const left = context.deadline === null ? null
    : el("span", { class: "small" }, ` ${time(context.deadline.remainingMs)} left of ${time(context.deadline.totalMs)}`);
  const children = context.children.map(node);
  if (context.more > 0) children.push(el("li", { class: "small" }, `and ${count(context.more)} more`));
  return el("li", {}, el("span", { class: "mono" }, context.kind), left, ...chips,
    children.length > 0 ? el("ul", {}, ...children) : null);
}
