// What the page looks like: the state becomes elements, and elements that are there already are changed in place, so that
// focus, selection and scrolling stay. Text only ever becomes text.

/** An element. Properties that are functions are listeners. */
export function h(tag, properties, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (typeof value === "function") (element.listeners ??= {})[name] = value;
    else if (name === "width") element.style.width = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  for (const [name] of Object.entries(element.listeners ?? {}))
    element.addEventListener(name, event => element.listeners[name](event));
  element.append(
    ...children.flat(3).filter(child => child !== null && child !== undefined && child !== false && child !== ""),
  );
  return element;
}

/** A table whose rows fold into blocks of named cells where there is no room for columns. */
function table(names, kinds, rows) {
  for (const row of rows) [...row.children].forEach((cell, at) => cell.setAttribute("data-name", names[at]));
  return h(
    "table",
    { class: "fold" },
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        names.map((name, at) => h("th", { class: kinds[at] }, name)),
      ),
    ),
    h("tbody", {}, rows),
  );
}

/** Makes the children of an element like those given, keeping what can be kept. */
export function morph(parent, wanted) {
  const fresh = [...wanted];
  const keyed = new Map(
    [...parent.children]
      .filter(child => child.getAttribute("data-key"))
      .map(child => [child.getAttribute("data-key"), child]),
  );
  let at = parent.firstChild;
  for (const next of fresh) {
    const key = next.nodeType === 1 ? next.getAttribute("data-key") : null;
    const old = key !== null && keyed.has(key) ? keyed.get(key) : at;
    if (
      old &&
      old.nodeType === next.nodeType &&
      old.nodeName === next.nodeName &&
      (old.nodeType !== 1 || old.getAttribute("data-key") === key)
    ) {
      if (old !== at) parent.insertBefore(old, at);
      update(old, next);
      at = old.nextSibling;
    } else parent.insertBefore(next, at);
  }
  while (at) {
    const gone = at;
    at = at.nextSibling;
    gone.remove();
  }
}

function update(old, next) {
  if (old.nodeType !== 1) {
    if (old.data !== next.data) old.data = next.data;
    return;
  }
  // Styles go by their property: as an attribute the page's own security policy forbids them.
  for (const { name, value } of [...next.attributes])
    if (name !== "style" && old.getAttribute(name) !== value) old.setAttribute(name, value);
  for (const { name } of [...old.attributes])
    if (name !== "style" && !next.hasAttribute(name) && !(name === "open" && old.nodeName === "DETAILS"))
      old.removeAttribute(name);
  if (old.style.cssText !== next.style.cssText) old.style.cssText = next.style.cssText;
  for (const [name, listener] of Object.entries(next.listeners ?? {})) {
    if (!old.listeners?.[name]) {
      (old.listeners ??= {})[name] = listener;
      old.addEventListener(name, event => old.listeners[name](event));
    } else old.listeners[name] = listener;
  }
  morph(old, [...next.childNodes]);
}

// ---- words ------------------------------------------------------------------------------------------------------------

const finite = value => typeof value === "number" && Number.isFinite(value);
export const number = (value, digits = 3) =>
  finite(value)
    ? Math.abs(value) >= 1e5 || (value !== 0 && Math.abs(value) < 1e-3)
      ? value.toExponential(2)
      : value.toPrecision(digits)
    : "–";
const whole = value => (finite(value) ? String(Math.round(value)) : "–");
const fixed = (value, digits) => (finite(value) ? value.toFixed(digits) : "–");
const share = value => (finite(value) ? `${Math.round(100 * value)}%` : "–");

export function time(seconds) {
  if (!finite(seconds)) return "–";
  const whole = Math.max(0, Math.round(seconds));
  if (whole >= 86400) return `${Math.floor(whole / 86400)} d ${Math.floor((whole % 86400) / 3600)} h`;
  if (whole >= 3600)
    return `${Math.floor(whole / 3600)} h ${String(Math.floor((whole % 3600) / 60)).padStart(2, "0")} min`;
  return whole >= 60 ? `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, "0")} s` : `${whole} s`;
}

export function bytes(count) {
  if (!finite(count)) return "–";
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let unit = 0;
  while (count >= 1024 && unit < units.length - 1) {
    count /= 1024;
    unit++;
  }
  return `${unit ? count.toPrecision(3) : Math.round(count)} ${units[unit]}`;
}

const ago = (millis, now) => (millis === undefined ? "–" : `${time((now - millis) / 1000)} ago`);
const clock = millis =>
  new Date(millis).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });
const $ = id => document.getElementById(id);
const facts = pairs =>
  h(
    "dl",
    { class: "facts" },
    pairs
      .filter(([, value]) => value !== null)
      .map(([name, value, wide]) => h("div", { class: wide ? "wide" : null }, h("dt", {}, name), h("dd", {}, value))),
  );
const bar = width =>
  h("span", { class: "bar", "aria-hidden": "true" }, h("i", { width: `${Math.min(100, Math.max(0, 100 * width))}%` }));
const stateOf = (word, extra) => h("span", { class: `state ${word}` }, extra ?? word);
const nodeColour = (state, name) => {
  const at = state.status.nodes.findIndex(node => node.name === name);
  return at < 0 ? "lost" : `n${at % 8}`;
};

// ---- parts ------------------------------------------------------------------------------------------------------------

export function draw(state, actions) {
  const status = state.status;
  $("cluster").textContent = status.cluster ? `· ${status.cluster}` : "";
  document.title = title(status);
  morph($("summary"), summary(status));
  morph($("jobs"), jobs(state, actions));
  morph(
    $("nodes"),
    status.nodes.map(node => nodeCard(state, node)),
  );
  const job = status.jobs.find(one => one.id === state.selected);
  morph(
    $("job-head"),
    job
      ? [jobHead(state, job, actions)]
      : [
          h(
            "div",
            { class: "card welcome" },
            h("h3", {}, "No job yet"),
            h("p", { class: "soft" }, "Hand one in, and watch it here:"),
            h("code", {}, "halocline submit ops/examples/survey-tiny.conf"),
          ),
        ],
  );
  morph($("chains"), job ? chains(state, job) : []);
  morph($("domains"), job ? domains(state, job) : []);
  morph($("events"), events(state));
  morph($("actors"), [actors(state)]);
}

function title(status) {
  const running = status.jobs.filter(job => job.state === "running");
  return status.running === 1 && running.length === 1
    ? `${share(running[0].progress)} ${running[0].name} · Halocline`
    : `${status.running} running · Halocline`;
}

function summary(status) {
  const lanes = status.nodes.flatMap(node => (node.state === "up" || node.state === "leaving" ? node.lanes : []));
  const busy = lanes.filter(lane => lane.job !== undefined);
  const lost = status.nodes.filter(node => node.state === "stale" || node.state === "unreachable").length;
  const mean = busy.length ? busy.reduce((sum, lane) => sum + lane.computing, 0) / busy.length : NaN;
  return [
    h(
      "span",
      {},
      h("b", {}, String(status.nodes.length)),
      status.nodes.length === 1 ? " node" : " nodes",
      lost ? h("span", { class: "bad" }, `, ${lost} silent`) : null,
    ),
    h(
      "span",
      {},
      h("b", {}, `${busy.length} of ${lanes.length}`),
      " lanes busy",
      busy.length ? `, computing ${share(mean)}` : "",
    ),
    h("span", {}, h("b", {}, String(status.running)), " running, ", h("b", {}, String(status.queued)), " waiting"),
    h("span", { class: "small" }, `coordinator ${status.coordinator || "–"}, incarnation ${status.incarnation}`),
  ];
}

function jobs(state, actions) {
  const rank = { running: 0, queued: 1 };
  const sorted = [...state.status.jobs].sort(
    (a, b) => (rank[a.state] ?? 2) - (rank[b.state] ?? 2) || b["submitted-epoch-millis"] - a["submitted-epoch-millis"],
  );
  const cards = sorted.map(job =>
    h(
      "button",
      {
        type: "button",
        class: `job ${job.state}`,
        "data-key": job.id,
        "aria-pressed": String(job.id === state.selected),
        click: () => actions.select(job.id),
      },
      h("span", { class: "row" }, h("span", { class: "name grow" }, job.name), stateOf(job.state)),
      job.state === "running" || job.progress > 0 ? bar(job.progress) : null,
      h(
        "span",
        { class: "row small soft" },
        h(
          "span",
          { class: "grow" },
          job.kind,
          job.terms.priority ? `, priority ${job.terms.priority}` : "",
          job.restarts ? `, ${job.restarts} restart${job.restarts > 1 ? "s" : ""}` : "",
        ),
        h(
          "span",
          {},
          job.state === "running"
            ? `${share(job.progress)}${job["eta-seconds"] === undefined ? "" : `, ${time(job["eta-seconds"])} left`}`
            : job.state === "queued"
              ? `for ${time((state.status["at-epoch-millis"] - job["submitted-epoch-millis"]) / 1000)}`
              : ago(job["ended-epoch-millis"], state.status["at-epoch-millis"]),
        ),
      ),
      job.why ? h("span", { class: `why ${job.state === "failed" ? "bad" : ""}` }, job.why) : null,
    ),
  );
  if (state.status["more-jobs"] > 0)
    cards.push(
      h("p", { class: "soft small", "data-key": "more" }, `and ${state.status["more-jobs"]} more: halocline list`),
    );
  return cards.length ? cards : [h("p", { class: "nothing" }, "none")];
}

function nodeCard(state, node) {
  const silent = node.state === "stale" || node.state === "unreachable";
  const age = (state.status["at-epoch-millis"] - node["last-seen-epoch-millis"]) / 1000;
  // One row is for all peers together; the others are parts of it.
  const parts = node.traffic.filter(peer => peer.peer === "all");
  const totals = (parts.length ? parts : node.traffic).reduce(
    (sum, peer) => ({
      sent: sum.sent + peer["bytes-sent"],
      bad: sum.bad + peer.rejected,
      rate: sum.rate + (state.rates.get(`${node.name} ${peer.peer}`) ?? 0),
    }),
    { sent: 0, bad: 0, rate: 0 },
  );
  return h(
    "article",
    { class: `card node ${node.state}`, "data-key": node.name },
    h(
      "div",
      { class: "row" },
      h("h3", { class: "grow" }, h("i", { class: `swatch ${nodeColour(state, node.name)}` }), node.name),
      stateOf(node.state, silent ? `${node.state}, silent for ${time(age)}` : node.state),
    ),
    h(
      "div",
      { class: "small soft" },
      `${bytes(node["memory-bytes"])} for ${node.lanes.length} lane${node.lanes.length === 1 ? "" : "s"}`,
      node["http-address"] ? [", ", h("a", { href: node["http-address"], rel: "noreferrer" }, "its page")] : null,
      node.name === state.status.coordinator ? ", coordinates" : "",
    ),
    node.why && !silent ? h("div", { class: "small warn" }, node.why) : null,
    h(
      "div",
      { class: "lanes" },
      node.lanes.flatMap(lane => laneRow(state, lane)),
    ),
    node.traffic.length
      ? h(
          "details",
          { class: "peers" },
          h(
            "summary",
            {},
            `${bytes(totals.sent)} sent${totals.rate > 0 ? `, ${bytes(totals.rate)}/s` : ""}`,
            totals.bad ? h("span", { class: "bad" }, `, ${totals.bad} rejected`) : null,
          ),
          h(
            "div",
            { class: "scroll" },
            table(
              ["peer", "sent", "received", "dropped", "rejected"],
              { 1: "number", 2: "number", 3: "number", 4: "number" },
              node.traffic.map(peer =>
                h(
                  "tr",
                  {},
                  h("td", { class: "path" }, peer.peer),
                  [bytes(peer["bytes-sent"]), bytes(peer["bytes-received"]), peer.dropped, peer.rejected].map(value =>
                    h("td", { class: "number" }, String(value)),
                  ),
                ),
              ),
            ),
          ),
          node["more-peers"] > 0 ? h("p", { class: "soft small" }, `and ${node["more-peers"]} less busy peers`) : null,
        )
      : null,
  );
}

function laneRow(state, lane) {
  const job = state.status.jobs.find(one => one.id === lane.job);
  const what =
    lane.job === undefined
      ? "idle"
      : `${lane.rank === undefined ? "memory for" : `d${lane.domain} r${lane.rank} ·`} ${job?.name ?? lane.job}`;
  const shares = `computing ${share(lane.computing)}, copying ${share(lane.copying)}, waiting ${share(lane.waiting)}`;
  return [
    h("span", { class: "soft" }, lane.name || `${lane.kind} ${lane.number}`),
    h(
      "span",
      { class: "bar", title: shares, role: "img", "aria-label": lane.job === undefined ? "idle" : shares },
      ["computing", "copying", "waiting"].map(part =>
        h("i", { class: part, width: `${100 * (lane.job === undefined ? 0 : lane[part])}%` }),
      ),
    ),
    h("span", { class: `what ${lane.job === undefined ? "soft" : ""}`, title: what }, what),
  ];
}

function jobHead(state, job, actions) {
  const now = state.status["at-epoch-millis"];
  const layout = job.layout;
  const recovery = job["last-recovery"];
  const cost = job.checkpoints;
  const started = job["started-epoch-millis"];
  return h(
    "div",
    { class: `card ${job.state}` },
    h(
      "div",
      { class: "row" },
      h("h3", {}, job.name),
      stateOf(job.state),
      h("span", { class: "grow path soft id" }, job.id),
      job.state === "running" || job.state === "queued"
        ? h("button", { type: "button", class: "danger", id: "cancel", click: () => actions.cancel(job) }, "Cancel")
        : null,
    ),
    job.why ? h("p", { class: job.state === "failed" ? "bad" : "warn" }, job.why) : null,
    job.state === "queued" ? null : bar(job.progress),
    facts([
      ["progress", job.state === "queued" ? null : share(job.progress)],
      ["left", job.state === "running" ? time(job["eta-seconds"]) : null],
      ["runs for", started === undefined ? null : time(((job["ended-epoch-millis"] ?? now) - started) / 1000)],
      ["layout", layout ? `${layout.domains} × ${layout.x} × ${layout.y}` : null],
      ["start", job.incarnation ? `${job.incarnation}${job.restarts ? `, ${job.restarts} restarts` : ""}` : null],
      [
        "last checkpoint",
        job["last-checkpoint-age-millis"] === undefined
          ? null
          : `${time(job["last-checkpoint-age-millis"] / 1000)} ago`,
      ],
      [
        "checkpoints",
        cost?.count ? `${cost.count}, ${bytes(cost.bytes)}, ${fixed(100 * cost.share, 1)}% of the time` : null,
      ],
      [
        "last recovery",
        recovery
          ? `${recovery.cause}: found in ${fixed(recovery["detect-millis"] / 1000, 1)} s, going again after ${fixed(recovery["replan-millis"] / 1000, 1)} s, ${fixed(recovery["lost-millis"] / 1000, 1)} s of work lost`
          : null,
        true,
      ],
      ["run directory", job["run-directory"] ? h("span", { class: "path" }, job["run-directory"]) : null, true],
    ]),
  );
}

function phase(numbers) {
  if (finite(numbers["start-draw"]))
    return `seeking a start, draw ${numbers["start-draw"]} of ${numbers["of-start-draws"]}`;
  if (!finite(numbers.draw)) return "";
  if (numbers.draw >= numbers.of) return "done";
  return finite(numbers["warm-up"]) ? (numbers.draw < numbers["warm-up"] ? "warm-up" : "sampling") : "";
}

function chains(state, job) {
  const sources = Object.entries(job.sources);
  if (!sources.length) return [];
  const isChain = sources.some(([, numbers]) => numbers.draw !== undefined || numbers["start-draw"] !== undefined);
  if (!isChain)
    return [
      h(
        "div",
        { class: "card" },
        sources.map(([name, numbers]) => [
          h("h3", {}, name),
          facts(Object.entries(numbers).map(([key, value]) => [key, number(value, 4)])),
        ]),
      ),
    ];
  const rows = sources
    .sort(([a], [b]) => a.localeCompare(b, "en", { numeric: true }))
    .map(([name, numbers]) =>
      h(
        "tr",
        {},
        h("td", { class: "node-name" }, h("i", { class: `swatch c${Number(name.replace(/\D+/g, "")) % 8}` }), name),
        h("td", {}, phase(numbers)),
        h(
          "td",
          { class: "draws" },
          h("span", { class: "node-name" }, `${whole(numbers.draw ?? 0)} of ${whole(numbers.of)}`),
          bar((numbers.draw ?? 0) / numbers.of),
        ),
        h("td", { class: "number" }, fixed(numbers.acceptance, 2)),
        h("td", { class: "number spare" }, number(numbers["step-size"])),
        h("td", { class: `number ${numbers.divergences > 0 ? "warn" : ""}` }, whole(numbers.divergences)),
        h("td", { class: "number spare" }, whole(numbers.gradients)),
        h("td", { class: "number" }, time(numbers["seconds-left"])),
      ),
    );
  const names = ["chain", "phase", "draws", "acceptance", "step size", "divergences", "gradients", "left"];
  const more =
    job["more-sources"] > 0
      ? h(
          "p",
          { class: "soft small" },
          `the ${sources.length} furthest behind of ${sources.length + job["more-sources"]}`,
        )
      : null;
  return [
    h(
      "div",
      { class: "card scroll" },
      more,
      table(names, { 3: "number", 4: "number spare", 5: "number", 6: "number spare", 7: "number" }, rows),
    ),
  ];
}

function domains(state, job) {
  if (!job.layout || !job.ranks.length) return [];
  const { domains, x, y } = job.layout;
  const byDomain = Map.groupBy(job.ranks, rank => rank.domain);
  return [
    h(
      "div",
      { class: "card" },
      h("h3", {}, "Domains"),
      h(
        "span",
        { class: "soft small" },
        `${domains === 1 ? "one domain" : `${domains} domains`} of ${x} × ${y} ranks, coloured by node${job["more-ranks"] > 0 ? `; the first ${job.ranks.length} ranks of ${job.ranks.length + job["more-ranks"]}` : ""}`,
      ),
      h(
        "div",
        { class: "domains" },
        [...byDomain.entries()]
          .sort(([a], [b]) => a - b)
          .map(([domain, ranks]) => {
            const grid = h(
              "div",
              { class: "domain", role: "group", "aria-label": `domain ${domain}` },
              ranks
                .sort((a, b) => a.rank - b.rank)
                .map(rank => {
                  const node = state.status.nodes.find(one => one.name === rank.node);
                  const lost = !node || node.state === "stale" || node.state === "unreachable";
                  const lane = node?.lanes.find(one => one.number === rank.lane);
                  return h(
                    "div",
                    { class: `rank ${nodeColour(state, rank.node)} ${lost ? "lost" : ""}`, title: rank.node },
                    h("b", {}, `rank ${rank.rank}`),
                    rank.node,
                    h("br"),
                    lane?.name || `lane ${rank.lane}`,
                  );
                }),
            );
            grid.style.gridTemplateColumns = `repeat(${x}, max-content)`;
            grid.style.gridAutoFlow = "column";
            grid.style.gridTemplateRows = `repeat(${y}, auto)`;
            return h("div", {}, h("p", { class: "soft small" }, `domain ${domain}`), grid);
          }),
      ),
    ),
  ];
}

function tell(event) {
  switch (event.type) {
    case "progress":
      return event.line;
    case "planned":
      return event.explanation;
    case "accepted":
      return `start ${event.incarnation} in ${event["run-directory"]}`;
    case "checkpointed":
      return `${event.source}: ${bytes(event.bytes)} in ${fixed(event.millis, 0)} ms, ${fixed(100 * event.share, 1)}% of its time so far`;
    case "waiting":
      return event.why;
    case "interrupted":
      return `${event.why}; to be started again`;
    case "recovered":
      return `${event.recovery.cause}: found in ${fixed(event.recovery["detect-millis"] / 1000, 1)} s, going again after ${fixed(event.recovery["replan-millis"] / 1000, 1)} s`;
    case "failed":
      return event.message;
    case "cancelled":
      return event.reason;
    case "cluster-changed":
      return event.line;
    default:
      return "";
  }
}

function events(state) {
  const shown = state.events
    .filter(
      record =>
        (!state.onlyJob || record["job-id"] === state.selected) &&
        (state.withProgress || record.event.type !== "progress" || record.event.source === "note"),
    )
    .slice(0, 150);
  if (!shown.length) return [h("p", { class: "nothing" }, "nothing yet")];
  const tone = {
    failed: "bad",
    interrupted: "warn",
    waiting: "warn",
    finished: "good",
    "already-finished": "good",
    recovered: "good",
  };
  const changes = { joined: "good", returned: "good", left: "warn", unreachable: "bad" };
  return shown.map(record =>
    h(
      "div",
      { class: "event", "data-key": String(record.number) },
      h(
        "time",
        { class: "soft", datetime: new Date(record["at-epoch-millis"]).toISOString() },
        clock(record["at-epoch-millis"]),
      ),
      h(
        "span",
        { class: tone[record.event.type] ?? changes[record.event.change] ?? "" },
        record.event.type === "progress" ? record.event.source : (record.event.change ?? record.event.type),
      ),
      h(
        "pre",
        {},
        tell(record.event),
        state.onlyJob || !record["job-id"] ? null : h("span", { class: "soft" }, ` · ${record["job-id"]}`),
      ),
    ),
  );
}

function actors(state) {
  const rows = state.status.actors.map(actor =>
    h(
      "tr",
      {},
      h("td", { class: "path" }, actor.path),
      h("td", { class: "small node-name" }, h("i", { class: `swatch ${nodeColour(state, actor.node)}` }), actor.node),
      h("td", {}, actor.state),
      h("td", { class: `number ${actor.restarts ? "warn" : ""}` }, String(actor.restarts)),
      h("td", { class: "small bad" }, actor["last-error"]),
    ),
  );
  const more = state.status["more-actors"];
  if (more > 0)
    rows.push(h("tr", {}, h("td", { class: "soft" }, `and ${more} more`), h("td"), h("td"), h("td"), h("td")));
  return rows.length
    ? table(["path", "node", "state", "restarts", "last error"], { 3: "number" }, rows)
    : h("p", { class: "nothing" }, "none");
}

// ---- traces -----------------------------------------------------------------------------------------------------------

const plots = new Map();
const MOST_SERIES = 16;

function traceData(state) {
  const draws = state.drawsOf === state.selected ? state.draws : null;
  const kept = draws?.chains.filter(chain => chain.draws > 1) ?? [];
  const all = draws?.["of-chains"] ?? 0;
  kept.splice(MOST_SERIES);
  if (kept.length)
    return {
      version: `draws ${state.drawsVersion}`,
      note: all > kept.length ? `${kept.length} of ${all} chains` : "kept draws",
      few: all > kept.length,
      chains: kept.map(chain => chain.chain),
      parameters: draws.parameters.map(one => ({
        ...one,
        tables: kept.map(chain => [chain.numbers, chain.values[one.name]]),
      })),
    };
  const live = [...(state.live.get(state.selected) ?? new Map()).entries()].sort(([a], [b]) => a - b);
  const names = [
    ...new Set(live.flatMap(([, rows]) => (rows.length ? Object.keys(rows[rows.length - 1].values) : []))),
  ];
  return {
    version: `live ${state.liveVersion}`,
    note: "on the way, warm-up included",
    chains: live.map(([chain]) => chain),
    parameters: names.map(name => ({
      name,
      tables: live.map(([, rows]) => [rows.map(row => row.draw), rows.map(row => row.values[name] ?? null)]),
    })),
  };
}

/** One plot a parameter, kept while its job, chains and colours stay. */
export function drawTraces(state) {
  const data = traceData(state);
  const box = $("traces");
  const wanted = new Set();
  for (const parameter of data.parameters.slice(0, 24)) {
    const key = [state.selected, parameter.name, data.note, data.chains.join(), state.theme].join(" ");
    wanted.add(key);
    let plot = plots.get(key);
    const changed = plot?.version !== data.version;
    const table = changed ? uPlot.join(parameter.tables) : null;
    if (!plot) {
      const holder = h("div", { class: "plot" });
      const head = h("div", { class: "row" });
      const card = h("div", { class: "card" }, head, holder);
      box.append(card);
      plot = { card, head, holder, chart: new uPlot(options(data.chains, holder), table, holder) };
      plots.set(key, plot);
    } else {
      if (changed) plot.chart.setData(table);
      if (plot.chart.width !== plot.holder.clientWidth)
        plot.chart.setSize({ width: plot.holder.clientWidth, height: 190 });
    }
    plot.version = data.version;
    const rHat = parameter["r-hat"];
    const facts = finite(parameter.mean)
      ? [
          `${number(parameter.mean, 4)} ± ${number(parameter.sd, 2)}`,
          h(
            "span",
            { class: rHat > 1.05 ? "bad" : rHat > 1.01 ? "warn" : "good", title: "rank-normalised split-R̂" },
            `R̂ ${fixed(rHat, 3)}`,
          ),
          `ESS ${whole(parameter["ess-bulk"])}`,
          ...(data.few ? [data.note] : []),
        ]
      : [data.note];
    morph(plot.head, [
      h("h3", { class: "grow" }, parameter.name),
      ...facts.map(fact => h("span", { class: "small soft" }, fact)),
    ]);
  }
  for (const [key, plot] of [...plots])
    if (!wanted.has(key)) {
      plot.chart.destroy();
      plot.card.remove();
      plots.delete(key);
    }
}

function options(chains, holder) {
  const style = getComputedStyle(document.documentElement);
  const colour = name => style.getPropertyValue(name).trim();
  const axis = {
    stroke: colour("--soft"),
    grid: { stroke: colour("--line"), width: 1 },
    ticks: { show: false },
    font: "11px system-ui, sans-serif",
  };
  return {
    width: holder.clientWidth || 340,
    height: 190,
    cursor: { y: false, points: { show: false } },
    scales: { x: { time: false } },
    legend: { show: false },
    axes: [
      { ...axis, size: 26 },
      { ...axis, size: 52, values: (_, ticks) => ticks.map(tick => number(tick, 3)) },
    ],
    series: [
      {},
      ...chains.map(chain => ({
        label: `chain ${chain}`,
        stroke: colour(`--c${chain % 8}`),
        width: 1.2,
        spanGaps: true,
        points: { show: false },
      })),
    ],
  };
}
