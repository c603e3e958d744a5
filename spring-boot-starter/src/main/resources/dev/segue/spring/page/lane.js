// One change: where it is, why it waits, and what can be done.

import { clock, el, number, say, seconds, set, show, spell } from './dom.js';
import { Track } from './track.js';
import { Plot } from './plot.js';
import { Actions } from './actions.js';
import { Statements } from './statements.js';

const VERDICTS = {
  over: 'over', waits: 'waits', paused: 'paused', moving: 'on its way', there: 'at its goal', abandoned: 'being taken back',
};

export function verdictOf(change) {
  if (change.end) return 'over';
  if (change.held.length) return 'waits';
  if (change.pausedBy && change.backfill.state === 'running') return 'paused';
  if (change.abandoned) return 'abandoned';
  return change.nodes.every(node => node.phase === change.requested) ? 'there' : 'moving';
}

// What is next and does not hold a move: the drop.
function dropWaits(change) {
  if (change.end || change.requested !== 'new-only' || !change.nodes.length
    || change.nodes.some(node => node.phase !== 'new-only') || change.stages.contract !== 'pending') return null;
  if (!change.drop.permitted) return 'The old columns stay until somebody allows the drop: here, or with contract: true on every node.';
  const left = seconds(change.drop.after) - (seconds(change.drop.newOnlyFor) || 0);
  return left > 0
    ? `The drop is allowed; it waits until every node has been in new-only for ${spell(seconds(change.drop.after))}: ${spell(left)} to go.`
    : 'The drop is allowed, and begins when nothing depends on the old columns.';
}

const row = (name, value, state) => [el('dt', {}, name), el('dd', state ? { 'data-state': state } : {}, value)];
const card = (title, ...content) => el('section', { class: 'card' }, el('h3', {}, title), ...content);

export class Lane {
  constructor(change, context) {
    this.id = change.id;
    this.context = context;
    this.journalKey = '';
    this.journalAt = 0;
    const title = `change-${change.id}`;
    this.verdict = el('span', { class: 'verdict' });
    this.sites = el('p', { class: 'sites' });
    this.where = el('p', { class: 'where' });
    this.track = new Track();
    this.waits = el('section', { class: 'waits', 'aria-label': `Why ${change.id} waits`, hidden: true });
    this.end = el('section', { class: 'end', 'aria-label': `What is left of ${change.id}`, hidden: true });
    this.drop = el('p', { class: 'drop', hidden: true });
    this.plot = new Plot('Rows per second', value => `${number(value)}/s`);
    this.latency = new Plot('Latency of the statements of this node', value => `${value < 10 ? value.toFixed(1) : number(value)} ms`);
    this.bar = el('span', { class: 'fill' });
    this.progress = el('div', { class: 'progress', role: 'progressbar', 'aria-label': 'Rows', 'aria-valuemin': 0 }, this.bar);
    this.rows = el('p', { class: 'rows' });
    this.gauge = el('span', { class: 'fill' });
    this.throttle = el('div', { class: 'gauge', role: 'meter', 'aria-label': 'Speed that the throttle allows', 'aria-valuemin': 0, 'aria-valuemax': 100 }, this.gauge);
    this.throttled = el('p', { class: 'throttled' });
    this.counters = el('dl', { class: 'counters' });
    this.proof = el('dl', {});
    this.guard = el('dl', {});
    this.requests = el('ol', { class: 'requests' });
    this.nodes = el('tbody', {});
    this.journal = el('ol', { class: 'journal', tabindex: 0, 'aria-label': `Journal of ${change.id}, the latest first` });
    this.plan = el('div', { class: 'plan' });
    this.drift = el('ul', { class: 'drop' });
    this.planBox = el('details', { class: 'sql', on: { toggle: () => this.#loadPlan() } }, el('summary', {}, 'SQL of the stages'), this.plan);
    const refresh = () => context.refresh();
    this.seen = new Statements('Statements that still name an old column',
      `Statements that name an old column of ${change.id}`, refresh, {
        tell: one => `names ${one.columns} · ${one.origin} · ${one.node}${one.caller ? ` · run by ${one.caller}` : ''} · ${number(one.runs)} times, last at ${clock(one.lastSeen)} · key ${one.key}`,
        question: one => `The change goes on although this still runs, and it fails when the old columns are gone: ${one.statement}`,
        waivable: () => true,
      });
    this.losing = new Statements('Statements and their index once the new columns are read',
      `Statements that depend on an index of the old columns of ${change.id}`, refresh, {
        tell: one => `${one.state === 'loses' ? 'loses its index: ' : one.state === 'unchecked' ? 'not checked: ' : ''}${one.why} · ${one.node}${one.caller ? ` · run by ${one.caller}` : ''} · ${number(one.runs)} times · key ${one.key}`,
        question: one => `The new columns will be read although this statement has no index then, and may be slow: ${one.statement}`,
        waivable: one => one.state === 'loses',
      });
    this.actions = new Actions(change.kind, change.id, () => { this.journalAt = 0; context.refresh(); });
    const head = names => el('thead', {}, el('tr', {}, names.map(name => el('th', { scope: 'col' }, name))));
    this.box = el('article', { class: 'lane', 'aria-labelledby': title, 'data-change': change.id },
      el('header', {}, el('h2', { id: title }, change.id), el('span', { class: 'kind' }, change.kind), this.sites, this.verdict),
      this.where,
      this.waits,
      this.end,
      this.track.list,
      this.losing.box,
      this.seen.box,
      this.drop,
      el('div', { class: 'cards' },
        card('Rows', this.progress, this.rows, this.throttle, this.throttled, this.plot.box, this.latency.box),
        card('Counters', this.counters),
        card('Proof', this.proof),
        card('Guard', this.guard),
        card('Told to go', this.requests)),
      el('div', { class: 'two' },
        el('section', { class: 'card' }, el('h3', {}, 'Nodes'), el('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Nodes' },
          el('table', {}, head(['Node', 'Application', 'Version', 'Phase', 'Draining', 'Told to go to', 'Lease']), this.nodes))),
        card('Journal', this.journal)),
      this.drift,
      this.planBox,
      this.actions.box);
  }

  update(change, all) {
    this.change = change;
    const verdict = verdictOf(change);
    set(this.box, 'data-verdict', verdict);
    say(this.verdict, VERDICTS[verdict]);
    show(this.sites, change.sites, sites => sites.map(site => el('span', {},
      el('b', {}, site.table), ' ', site.old.join(', '), site.old.length && site.new.length ? ' → ' : '', site.new.join(', '))));
    say(this.where, change.phase === change.requested
      ? `${all.node} is in ${change.phase}, where ${change.requestedBy} wants it.`
      : `${all.node} is in ${change.phase}; ${change.requestedBy} wants it in ${change.requested}.`);
    this.#held(change, all.node);
    this.end.hidden = !change.end;
    show(this.end, change.end, end => end && [el('h3', {}, end.message), el('p', {}, end.remedy)]);
    const drop = dropWaits(change);
    this.drop.hidden = !drop;
    say(this.drop, drop || '');
    this.track.update(change);
    this.#rows(change.backfill, change.pausedBy);
    this.latency.add(all.latencyMillis || 0);
    this.#facts(change);
    this.#nodes(change.nodes);
    this.losing.update(change.id, change.plans.filter(one => one.state !== 'keeps' || one.waivedBy), all.access);
    this.seen.update(change.id, change.sightings, all.access);
    show(this.drift, change.drift, all => all.map(one => el('li', {}, one)));
    this.actions.update(change, all.access);
    this.#journal(change);
    return verdict;
  }

  #held(change, node) {
    this.waits.hidden = change.held.length === 0;
    show(this.waits, [node, change.held], ([who, held]) => [
      el('h3', {}, 'Why it waits'),
      el('ul', {}, held.map(one => el('li', { 'data-clause': one.clause },
        el('p', { class: 'who' }, el('b', {}, who), ' is held by ', el('b', {}, one.clause)),
        el('p', { class: 'fact' }, one.message),
        el('p', { class: 'remedy' }, el('b', {}, 'What to do: '), one.remedy)))),
    ]);
  }

  #rows(pass, pausedBy) {
    const share = pass.state === 'done' ? 1 : pass.rowsTotal ? Math.min(1, pass.rowsDone / pass.rowsTotal) : 0;
    this.bar.style.width = `${(share * 100).toFixed(1)}%`;
    set(this.progress, 'data-state', pass.state);
    set(this.progress, 'aria-valuenow', Math.round(share * 100));
    set(this.progress, 'aria-valuemax', 100);
    const left = seconds(pass.timeLeft);
    say(this.rows, pass.state === 'none' ? 'No pass has begun.'
      : pass.state === 'done' ? `${number(pass.rowsDone)} rows seen; the pass is complete.`
      : `${number(pass.rowsDone)} of ${number(pass.rowsTotal)} rows · ${number(pass.rowsPerSecond)}/s`
        + (left === null ? '' : ` · ${spell(left)} left`));
    const running = pass.state === 'running';
    const speed = running ? pass.speed : 1;
    this.gauge.style.width = `${(speed * 100).toFixed(0)}%`;
    set(this.throttle, 'data-state', speed === 0 ? 'stopped' : speed < 1 ? 'slowed' : 'full');
    set(this.throttle, 'aria-valuenow', Math.round(speed * 100));
    say(this.throttled, !running ? 'Throttle: nothing to slow down.'
      : pass.throttle ? `Waits for ${pass.throttle}.` : pausedBy ? `Paused by ${pausedBy}.` : 'Throttle: full speed.');
    this.plot.add(running ? pass.rowsPerSecond : 0);
  }

  #facts(change) {
    const bad = value => (value ? 'bad' : null);
    const warn = value => (value ? 'warn' : null);
    const pass = change.backfill;
    const check = change.verification;
    show(this.counters, [check.mismatches, pass.quarantined, pass.dirty, change.guard.hits, change.shadowMismatches], () => [
      row('rows that differ', number(check.mismatches), bad(check.mismatches)),
      row('rows not converting', number(pass.quarantined), bad(pass.quarantined)),
      row('rows waiting', number(pass.dirty), warn(pass.dirty)),
      row('shadow reads differing', number(change.shadowMismatches || 0), bad(change.shadowMismatches)),
      row('one-sided writes', number(change.guard.hits), warn(change.guard.hits)),
    ].flat());
    show(this.proof, [change.sealed, change.epoch, check, change.oldColumnLastSeen], () => [
      row('OLD', change.sealed.old ? 'sealed' : 'not proven', change.sealed.old ? 'good' : null),
      row('NEW', change.sealed.new ? 'sealed' : 'not proven', change.sealed.new ? 'good' : null),
      row('compared', check.state === 'none' ? 'none yet'
        : check.state === 'running' ? `${number(check.rowsCompared)} rows so far${check.throttle ? `; waits for ${check.throttle}` : ''}`
        : check.state + (check.at ? `, ${clock(check.at)}` : '')),
      row('epoch', String(change.epoch)),
      row('old column named', change.oldColumnLastSeen ? clock(change.oldColumnLastSeen) : 'not seen'),
    ].flat());
    show(this.guard, change.guard, guard => [
      row('form', guard.form === 'none' ? 'none: nobody else writes' : guard.form),
      row('fills', guard.directions.length ? guard.directions.join(', ') : 'nothing yet'),
      row('last writer', guard.lastWriter || 'nobody'),
    ].flat());
    show(this.requests, change.requests, requests => requests.map((one, i) => el('li', { class: i ? 'overridden' : '' },
      el('b', {}, one.phase), ` by ${one.source}`, el('span', { class: 'by' }, one.by, one.why ? `: ${one.why}` : '',
        ` · ${clock(one.since)}`))));
  }

  #nodes(nodes) {
    // In steps of five seconds: nobody needs to see every second of a lease pass.
    const now = this.context.now();
    const shown = nodes.map(node => ({ ...node, lease: Math.round((Date.parse(node.leaseUntil) - now) / 5000) * 5, leaseUntil: null }));
    show(this.nodes, shown, all => all.map(node => el('tr', {},
      el('th', { scope: 'row' }, node.node), el('td', {}, node.application), el('td', {}, node.version),
      el('td', {}, node.phase), el('td', {}, node.draining.join(', ') || '–'), el('td', {}, node.requested),
      el('td', {}, node.lease > 0 ? `${spell(node.lease)} left` : 'running out'))));
  }

  async #journal(change) {
    const { backfill, nodes, drop, ...rest } = change;
    const key = JSON.stringify([rest, nodes.map(node => [node.node, node.phase, node.draining]), backfill.state]);
    if (key === this.journalKey && Date.now() - this.journalAt < 5000) return;
    this.journalKey = key;
    this.journalAt = Date.now();
    const answer = await this.context.get(`${encodeURIComponent(this.id)}/journal?limit=60`).catch(() => null);
    if (!answer) {
      this.journalAt = 0;
      return;
    }
    show(this.journal, answer.journal, lines => lines.map(line => el('li', { 'data-what': line.what },
      el('time', { datetime: line.at }, clock(line.at)), el('b', {}, line.what),
      line.from || line.to ? el('span', {}, [line.from, line.to].filter(Boolean).join(' → ')) : null,
      line.why ? el('span', { class: 'why' }, line.why) : null, el('span', { class: 'by' }, line.node))));
  }

  async #loadPlan() {
    if (!this.planBox.open) return;
    const plan = await this.context.text(`${encodeURIComponent(this.id)}/plan`).catch(() => null);
    show(this.plan, plan, sql => (sql ? [el('pre', { tabindex: 0 }, sql)] : [el('p', {}, 'The node did not give the plan.')]));
  }
}
