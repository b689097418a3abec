// The page's state and its line to the node: one stream of events, and questions about the selected job. What it looks like
// is in views.js.
import { draw, drawTraces } from "./views.js";

const API = "api/v1";
const SEAL = "halocline-seal";
const KEPT_EVENTS = 400;
const KEPT_LIVE = 2000;
const MOST_CHAINS = 16;
const OLD_AFTER_MS = 6000;
const DRAWS_EVERY_MS = 4000;
const $ = id => document.getElementById(id);

const state = {
  status: null,
  receivedAt: 0,
  clockOffset: 0,
  link: "connecting",
  silent: "",
  selected: null,
  chosenByUser: false,
  events: [],
  lastEvent: 0,
  identity: "",
  live: new Map(),
  draws: null,
  drawsOf: null,
  drawsFor: "",
  rates: new Map(),
  open: false,
  needed: false,
  onlyJob: false,
  withProgress: false,
  liveVersion: 0,
  drawsVersion: 0,
};

// ---- the line to the node ---------------------------------------------------------------------------------------------

let source = null;
let retry = 0;

function connect() {
  source?.close();
  source = new EventSource(`${API}/events?status=1&from=${state.lastEvent + 1}`);
  source.addEventListener("open", () => {
    retry = 0;
    state.link = "live";
  });
  source.addEventListener("cluster", message => known(JSON.parse(message.data).identity));
  source.addEventListener("status", message => heard(JSON.parse(message.data)));
  source.addEventListener("silent", message => {
    state.silent = JSON.parse(message.data).bound;
    state.link = "live";
    show();
  });
  source.addEventListener("job", message => happened(JSON.parse(message.data)));
  source.addEventListener("error", () => {
    state.link = "lost";
    show();
    // The browser itself reconnects after a cut, but gives up when an answer was refused.
    if (source.readyState === EventSource.CLOSED) {
      retry = Math.min(retry + 1, 5);
      setTimeout(connect, 1000 * retry);
      session();
    }
  });
}

/** Events are numbered within one state directory: of another, these are all new. */
function known(identity) {
  const another = state.identity !== "" && state.identity !== identity;
  state.identity = identity;
  if (!another) return;
  Object.assign(state, {
    status: null,
    selected: null,
    chosenByUser: false,
    events: [],
    lastEvent: 0,
    draws: null,
    drawsOf: null,
    drawsFor: "",
  });
  state.live.clear();
  state.rates.clear();
  connect();
}

function heard(status) {
  rate(status);
  const running = new Set(
    status.jobs.filter(job => job.state === "running" || job.state === "queued").map(job => job.id),
  );
  for (const id of state.live.keys()) if (!running.has(id) && id !== state.selected) state.live.delete(id);
  state.status = status;
  state.receivedAt = Date.now();
  state.silent = "";
  state.link = "live";
  const jobs = status.jobs;
  if (!state.chosenByUser || !jobs.some(job => job.id === state.selected))
    state.selected =
      (jobs.find(job => job.id === state.selected) ?? jobs.find(job => job.state === "running") ?? jobs[0])?.id ?? null;
  if (state.drawsOf !== state.selected) askDraws();
  show();
}

function happened(record) {
  if (record.number <= state.lastEvent) return;
  state.lastEvent = record.number;
  const event = record.event;
  if (event.type === "progress" && event.numbers.draw !== undefined) remember(record["job-id"], event);
  state.events.unshift(record);
  if (state.events.length > KEPT_EVENTS) {
    // Progress goes first: what else happened is rarer and told once.
    const old = state.events.findLastIndex(one => one.event.type === "progress");
    state.events.splice(old < 0 ? KEPT_EVENTS : old, 1);
  }
  later();
}

/** Values on the way, for the time before draws are kept. */
function remember(job, event) {
  const chain = Number(event.source.replace(/\D+/g, ""));
  const values = Object.entries(event.numbers).filter(([name]) => name.startsWith("value."));
  if (!values.length) return;
  const chains = state.live.get(job) ?? new Map();
  if (chain >= MOST_CHAINS) return;
  state.live.set(job, chains);
  state.liveVersion++;
  const rows = chains.get(chain) ?? [];
  chains.set(chain, rows);
  if (rows.length && rows[rows.length - 1].draw >= event.numbers.draw)
    rows.length = rows.findIndex(row => row.draw >= event.numbers.draw);
  rows.push({
    draw: event.numbers.draw,
    values: Object.fromEntries(values.map(([name, value]) => [name.slice(6), value])),
  });
  if (rows.length > KEPT_LIVE) rows.shift();
}

/** Bytes a second between nodes, from one status to the next. */
function rate(status) {
  const before = state.status;
  for (const key of state.rates.keys())
    if (!status.nodes.some(node => key.startsWith(`${node.name} `))) state.rates.delete(key);
  if (!before || status["at-epoch-millis"] <= before["at-epoch-millis"]) return;
  const seconds = (status["at-epoch-millis"] - before["at-epoch-millis"]) / 1000;
  for (const node of status.nodes) {
    const old = before.nodes.find(one => one.name === node.name);
    for (const peer of node.traffic) {
      const was = old?.traffic.find(one => one.peer === peer.peer);
      if (was)
        state.rates.set(`${node.name} ${peer.peer}`, Math.max(0, peer["bytes-sent"] - was["bytes-sent"]) / seconds);
    }
  }
}

// ---- the selected job's draws -----------------------------------------------------------------------------------------

let asking = false;

async function askDraws() {
  const job = state.status?.jobs.find(one => one.id === state.selected);
  if (!job || job.kind !== "infer" || asking || document.hidden) return;
  const version = `${job.id} ${job.state}`;
  if (state.drawsFor === version && job.state !== "running") return;
  asking = true;
  try {
    const answer = await fetch(`${API}/jobs/${encodeURIComponent(job.id)}/draws?points=500`);
    const draws = answer.ok ? await answer.json() : null;
    state.draws = draws;
    state.drawsVersion++;
    state.drawsOf = job.id;
    state.drawsFor = version;
    show();
  } catch {
    // the stream tells that the node is away
  } finally {
    asking = false;
  }
}

// ---- changing things --------------------------------------------------------------------------------------------------

/** What the session's cookie is worth nothing without: cookies go to every port of a host, this stays with this page's. */
function seal() {
  const kept = localStorage.getItem(SEAL);
  return kept ? { "halocline-seal": kept } : {};
}

async function post(path, body, method = "POST") {
  const answer = await fetch(`${API}/${path}`, {
    method,
    headers: { "Content-Type": "application/json", ...seal() },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (answer.ok) {
    const told = answer.status === 200 ? await answer.json().catch(() => ({})) : {};
    if (told.seal) localStorage.setItem(SEAL, told.seal);
    return null;
  }
  const told = await answer.json().catch(() => ({ problems: [] }));
  return (
    told.problems.map(one => `${one.key}: ${one.bound}; ${one.remedy}`).join("\n") ||
    `the node answered ${answer.status}`
  );
}

async function session() {
  try {
    const told = await (await fetch(`${API}/session`, { headers: seal() })).json();
    state.open = told.open;
    state.needed = told.needed;
  } catch {
    // the stream tells
  }
  show();
}

/** Resolves to what was typed, or null. */
function ask(title, text, yes, wantsToken) {
  const dialog = $("ask");
  $("ask-title").textContent = title;
  $("ask-text").textContent = text;
  $("ask-yes").textContent = yes;
  $("ask-token").hidden = !wantsToken;
  $("ask-token").value = "";
  dialog.returnValue = "no";
  dialog.showModal();
  (wantsToken ? $("ask-token") : $("ask-yes")).focus();
  return new Promise(done =>
    dialog.addEventListener("close", () => done(dialog.returnValue === "yes" ? $("ask-token").value : null), {
      once: true,
    }),
  );
}

$("ask").addEventListener("click", event => {
  if (event.target === $("ask")) $("ask").close("no");
});
$("ask-token").addEventListener("keydown", event => {
  if (event.key === "Enter") {
    event.preventDefault();
    $("ask").close("yes");
  }
});

async function unlock() {
  const token = await ask(
    "Token",
    "It is in the file “token” of the state directory. Or run “halocline page” for a link that needs none.",
    "Unlock",
    true,
  );
  if (!token) return;
  notice(await post("session", { token }));
  await session();
  if (state.link !== "live") connect();
}

async function cancel(job) {
  if (!state.open) await unlock();
  if (!state.open) return;
  const sure = await ask(
    "Cancel this job?",
    `${job.name} (${job.id}) writes a checkpoint and ends. It can be resumed.`,
    "Cancel the job",
    false,
  );
  if (sure !== null) notice(await post(`jobs/${encodeURIComponent(job.id)}/cancel`));
}

function notice(text) {
  $("notice").textContent = text ?? "";
  $("notice").hidden = !text;
}

// ---- showing ----------------------------------------------------------------------------------------------------------

const actions = {
  select(id) {
    state.selected = id;
    state.chosenByUser = true;
    state.drawsFor = "";
    show();
    askDraws();
  },
  cancel,
};

let frame = 0;
function later() {
  if (!frame)
    frame = requestAnimationFrame(() => {
      frame = 0;
      show();
    });
}

function show() {
  const age = state.receivedAt ? Date.now() - state.receivedAt : 0;
  const old = state.link !== "live" || age > OLD_AFTER_MS || state.silent !== "";
  document.body.classList.toggle("old", Boolean(state.status) && old);
  const link = $("link");
  link.className = old ? "lost" : state.status ? "live" : "";
  link.textContent = state.silent
    ? "the coordinator is moving"
    : state.link === "lost"
      ? `no connection${age > 2000 ? `, news of ${Math.round(age / 1000)} s ago` : ""}`
      : age > OLD_AFTER_MS
        ? `no news for ${Math.round(age / 1000)} s`
        : state.status
          ? "live"
          : "connecting";
  $("lock").textContent = state.open ? "may cancel" : "read only";
  $("lock").title = state.open ? "Lock again" : "Give the token, to cancel jobs";
  $("lock").classList.toggle("open", state.open);
  if (!state.status) {
    if (state.needed && !state.open) notice("This node shows nothing without the token: press “read only”.");
    return;
  }
  draw(state, actions);
  drawTraces(state);
}

$("lock").addEventListener("click", async () => {
  if (!state.open) return unlock();
  notice(await post("session", undefined, "DELETE"));
  localStorage.removeItem(SEAL);
  session();
});
$("only-job").addEventListener("change", event => {
  state.onlyJob = event.target.checked;
  show();
});
$("with-progress").addEventListener("change", event => {
  state.withProgress = event.target.checked;
  show();
});

const dark = matchMedia("(prefers-color-scheme: dark)");
function theme() {
  document.documentElement.dataset.theme = localStorage.getItem("theme") ?? (dark.matches ? "dark" : "light");
  state.theme = document.documentElement.dataset.theme;
  if (state.status) show();
}
$("theme").addEventListener("click", () => {
  localStorage.setItem("theme", state.theme === "dark" ? "light" : "dark");
  theme();
});
dark.addEventListener("change", theme);
addEventListener("resize", later);
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) askDraws();
});

// A link with a key opens a session, once; the key must not stay in the address.
const key = new URLSearchParams(location.hash.slice(1)).get("key");
if (key) history.replaceState(null, "", location.pathname);
theme();
(key ? post("session", { key }).then(notice) : Promise.resolve()).then(session).finally(connect);
setInterval(show, 2000);
setInterval(askDraws, DRAWS_EVERY_MS);
