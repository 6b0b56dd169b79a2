// The last five minutes, and the endpoints.

import { byId, causeText, count, el, mark, nameOf, percent, say, shape, sortable, time } from "./dom.js";

const width = 600, height = 140, length = 300;
const seconds = new Map();
let causes = [], now = 0, endpoints = [];
const order = sortable(byId("endpoints"), { by: "count", down: true }, showEndpoints);

/** Takes the seconds that are new or have changed. */
export function takeSeconds(data) {
  causes = data.causes;
  now = data.now;
  for (const second of data.seconds) {
    seconds.set(second.second, second);
  }
  for (const number of seconds.keys()) {
    if (number <= now - length || number > now) seconds.delete(number);
  }
  showLegend();
  showCauses();
  showRemaining();
  showFigures();
}

export function takeEndpoints(data) {
  endpoints = data;
  showEndpoints();
  showOverruns();
}

const place = number => (length - 1 - (now - number)) * width / length;
const known = () => [...seconds.values()].sort((one, other) => one.second - other.second);

function showLegend() {
  const legend = byId("legend");
  if (legend.childElementCount !== causes.length) {
    legend.replaceChildren(...causes.map(cause =>
      el("li", {}, el("span", { class: `key c-${cause}`, "aria-hidden": "true" }), causeText(cause))));
  }
}

/** One path for each cause: stacked columns, a second wide. */
function showCauses() {
  const all = known();
  const total = second => second.ended.reduce((sum, one) => sum + one, 0);
  const top = Math.max(1, ...all.map(total));
  const column = width / length;
  const paths = causes.map(() => "");
  for (const second of all) {
    let above = height;
    second.ended.forEach((ended, cause) => {
      if (ended > 0) {
        const tall = ended / top * (height - 4);
        above -= tall;
        paths[cause] += `M${place(second.second).toFixed(1)} ${above.toFixed(1)}h${column}v${tall.toFixed(1)}h-${column}z`;
      }
    });
  }
  const chart = byId("chart-causes");
  chart.replaceChildren(...causes.map((cause, index) => shape("path", { class: `c-${cause}`, d: paths[index] })));
  const sums = causes.map((cause, index) => [cause, all.reduce((sum, second) => sum + second.ended[index], 0)]);
  mark(chart, "aria-label", "In five minutes: " + (sums.filter(([, sum]) => sum > 0)
    .map(([cause, sum]) => `${count(sum)} ${causeText(cause)}`).join(", ") || "nothing has ended"));
  say(byId("chart-causes-top"), all.length === 0 ? "" : `highest: ${count(top)} per second`);
}

function showRemaining() {
  const timed = known().filter(second => second.remaining !== undefined);
  const path = value => timed.map((second, index) => {
    const gap = index === 0 || second.second - timed[index - 1].second > 3;
    const y = height - 4 - value(second) * (height - 8);
    return `${gap ? "M" : "L"}${place(second.second).toFixed(1)} ${y.toFixed(1)}${gap ? "h2" : ""}`;
  }).join("");
  const chart = byId("chart-remaining");
  chart.replaceChildren(
    shape("path", { class: "line", d: path(second => second.remaining) }),
    shape("path", { class: "line least", d: path(second => second.leastRemaining) }));
  const last = timed.at(-1);
  mark(chart, "aria-label", last
    ? `Last: on average ${percent(last.remaining)} of the time was left, at least ${percent(last.leastRemaining)}`
    : "No request with a deadline has ended");
}

function showFigures() {
  const last = known().filter(second => second.second < now && second.second >= now - 10);
  const ended = last.reduce((sum, second) => sum + second.ended.reduce((all, one) => all + one, 0), 0);
  const rate = ended / Math.max(1, Math.min(10, now));
  say(byId("figure-rate"), rate >= 100 || Number.isInteger(rate) ? count(Math.round(rate)) : rate.toFixed(1));
}

function showOverruns() {
  const worst = endpoints.filter(one => one.overrunMs > 0)
    .sort((one, other) => other.overrunMs - one.overrunMs).slice(0, 5);
  const list = byId("overruns");
  if (worst.length === 0) {
    list.replaceChildren(el("li", { class: "small" }, "No handler went on after its context was done."));
    return;
  }
  list.replaceChildren(...worst.map(one => {
    const fill = el("span");
    fill.style.width = `${one.overrunMs / worst[0].overrunMs * 100}%`;
    return el("li", {},
      el("div", { class: "row" }, el("span", { class: "mono" }, nameOf(one)), el("span", {}, time(one.overrunMs))),
      el("div", { class: "bar", "aria-hidden": "true" }, fill));
  }));
}

function showEndpoints() {
  const value = one => order.by === "route" ? nameOf(one)
    : order.by === "failed" ? (one.count - one.ended[0]) / one.count : one[order.by];
  const rows = [...endpoints].sort((one, other) => {
    const [a, b] = [value(one), value(other)];
    return (a < b ? -1 : a > b ? 1 : 0) * (order.down ? -1 : 1);
  });
  const wasted = endpoints.reduce((sum, one) => sum + one.overrunMs, 0);
  say(byId("figure-waste"), wasted === 0 ? "none" : time(wasted));
  const body = byId("endpoints").tBodies[0];
  if (rows.length === 0) {
    body.replaceChildren(el("tr", {}, el("td", { colspan: "7", class: "empty" }, "No request has ended since this page was opened.")));
    return;
  }
  body.replaceChildren(...rows.map(endpointRow));
}

function endpointRow(one) {
  const parts = causes.map((cause, index) => [cause, one.ended[index]]).filter(([, ended]) => ended > 0);
  const mix = el("div", { class: "mix", "aria-hidden": "true" }, ...parts.map(([cause, ended]) => {
    const part = el("span", { class: `c-${cause}` });
    part.style.flexGrow = ended;
    return part;
  }));
  const words = parts.map(([cause, ended]) => `${count(ended)} ${causeText(cause)}`).join(", ");
  return el("tr", {},
    el("td", {}, el("span", { class: "method" }, one.method ?? ""), " ", el("span", { class: "mono" }, one.route ?? "(no route)")),
    el("td", { class: "right" }, count(one.count)),
    el("td", {}, mix, el("span", { class: "small" }, words)),
    el("td", { class: "right" }, time(one.medianMs)),
    el("td", { class: "right" }, time(one.p95Ms)),
    el("td", { class: "right" }, one.longestOverrunMs > 0 ? time(one.longestOverrunMs) : "–"),
    el("td", { class: "right" }, one.wasted > 0 ? percent(one.wasted) : "–"));
}
