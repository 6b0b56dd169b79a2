// The page: listens to the server, and hands on what comes.

import { byId, count, el, nameOf, say, time } from "./dom.js";
import { takeEndpoints, takeSeconds } from "./charts.js";
import { takeRequests } from "./requests.js";
import { allowCancel } from "./detail.js";

const texts = {
  connecting: "Connecting", live: "Live", paused: "Paused", hidden: "Waits until it is seen", lost: "No connection, tries again", stopped: "The server has stopped",
};

let source = null, retry = null, isPaused = false;

function setState(state, text = texts[state]) {
  byId("status").dataset.state = state;
  say(byId("status"), text);
}

function connect() {
  clearTimeout(retry);
  source?.close();
  source = new EventSource("events");
  listen("requests", data => { setState("live"); takeRequests(data); showFigures(data); showStop(data); });
  listen("seconds", takeSeconds);
  listen("endpoints", takeEndpoints);
  source.addEventListener("renew", connect);
  source.addEventListener("stopped", () => { close("stopped"); retry = setTimeout(connect, 5000); });
  source.onerror = () => { close("lost"); askWhy(); retry = setTimeout(connect, 3000); };
}

function listen(name, take) {
  source.addEventListener(name, event => take(JSON.parse(event.data)));
}

function close(state) {
  source?.close();
  source = null;
  setState(state);
}

/** An event source does not say why it was refused. The same path does, if it is asked otherwise. */
async function askWhy() {
  try {
    const asked = new AbortController();
    const response = await fetch("events", { signal: asked.signal });
    if (!response.ok) setState("lost", (await response.text()).trim());
    asked.abort();
  } catch {
    // Nobody is there to ask.
  }
}

function showFigures(data) {
  say(byId("figure-flight"), count(data.inFlight));
  say(byId("figure-done"), count(data.doneButRunning));
  byId("figure-done-box").classList.toggle("alarm", data.doneButRunning > 0);
  say(byId("since"), `since ${new Date(data.since).toLocaleTimeString("en-GB")}, when this page was first opened`);
}

/** While the server stops: what it waits for, and for how long. */
function showStop(data) {
  byId("stop").hidden = data.stopping === null;
  if (data.stopping === null) return;
  const left = data.inFlight === 1 ? "1 request is left" : `${count(data.inFlight)} requests are left`;
  say(byId("stop-text"), `The server is stopping. ${left}; what still runs in ${time(data.stopping.cutInMs)} is canceled.`);
  const list = byId("stop-list");
  list.replaceChildren(...data.requests.slice(0, 8).map(request => el("li", {},
    el("span", { class: "mono" }, nameOf(request)), ` ${whyLeft(request)}`)));
}

function whyLeft(request) {
  const call = request.calls[0];
  return request.end !== null ? `is done, and its handler has run on for ${time(request.end.overrunMs)}`
    : call ? `has waited ${time(call.ageMs)} for ${call.target ?? call.kind}`
    : `has run for ${time(request.ageMs)}`;
}

byId("pause").addEventListener("click", () => {
  isPaused = !isPaused;
  byId("pause").setAttribute("aria-pressed", isPaused);
  goOnOrRest();
});

// A browser has six connections to a host without TLS, for this page and all others of the application. A page that
// nobody sees holds none.
document.addEventListener("visibilitychange", goOnOrRest);

function goOnOrRest() {
  const isHidden = document.visibilityState === "hidden";
  if (isPaused || isHidden) {
    clearTimeout(retry);
    close(isPaused ? "paused" : "hidden");
  } else if (source === null) {
    connect();
  }
}

async function start() {
  try {
    const about = await (await fetch("page.json")).json();
    say(byId("application"), about.application ?? "");
    say(byId("about"), `${about.environment}, process ${about.process} on ${about.machine}`);
    document.title = `Requests · ${about.application}`;
    allowCancel(about.cancel);
  } catch {
    // The stream says what is wrong.
  }
  goOnOrRest();
}

start();
