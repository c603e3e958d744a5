// Asks the node once a second what its changes do, and shows it.

import { el, say, show, clock } from './dom.js';
import { Lane } from './lane.js';

const PAUSE = 1000;
const HIDDEN_PAUSE = 10000;
const LONGEST_PAUSE = 15000;
const byId = id => document.getElementById(id);
const endpoint = document.querySelector('meta[name="segue-endpoint"]').content;
const lanes = new Map();
const verdicts = new Map();
let timer = 0;
let failures = 0;
let lastGood = null;
// Between the node's clock and this browser's: it is the node's leases that are shown.
let ahead = 0;

async function ask(path, type) {
  const answer = await fetch(path ? `${endpoint}/${path}` : endpoint, { headers: { Accept: type }, cache: 'no-store', redirect: 'error' });
  if (!answer.ok) throw new Error(`the node answered ${answer.status}`);
  const date = Date.parse(answer.headers.get('Date') || '');
  if (date) ahead = date + 500 - Date.now();
  return answer;
}

const get = async path => (await ask(path, 'application/json')).json();
const text = async path => (await ask(path, 'text/plain, */*')).text();
const context = { get, text, now: () => Date.now() + ahead, refresh: () => again(0) };

function again(pause) {
  clearTimeout(timer);
  timer = setTimeout(poll, pause);
}

async function poll() {
  let pause = document.hidden ? HIDDEN_PAUSE : PAUSE;
  try {
    const all = await get('');
    failures = 0;
    lastGood = Date.now();
    render(all);
  } catch (e) {
    failures += 1;
    pause = Math.min(LONGEST_PAUSE, PAUSE * 2 ** (failures - 1));
    lost(e, pause);
  }
  again(pause);
}

function lost(why, pause) {
  byId('link').dataset.state = 'lost';
  say(byId('link-text'), 'no answer');
  byId('stale').hidden = false;
  const from = lastGood ? `What you see is from ${clock(lastGood)}.` : 'Nothing is known yet.';
  say(byId('stale'), `${why.message || why}. ${from} Asking again every ${pause / 1000} s; if you were signed out, load the page anew.`);
}

function render(all) {
  byId('link').dataset.state = 'live';
  say(byId('link-text'), `live · as ${all.node || 'this application'} sees it`);
  byId('stale').hidden = true;
  byId('fenced').hidden = !all.fenced;
  say(byId('fenced'), all.fenced ? `${all.node} has lost its lease: none of its transactions can commit until it has joined the fleet again. It does so by itself.` : '');
  const known = new Set(all.changes.map(change => change.id));
  for (const [id, lane] of lanes) {
    if (!known.has(id)) {
      lane.box.remove();
      lanes.delete(id);
    }
  }
  for (const change of all.changes) {
    if (!lanes.has(change.id)) {
      const lane = new Lane(change, context);
      lanes.set(change.id, lane);
      byId('changes').append(lane.box);
    }
    announce(change, lanes.get(change.id).update(change, all));
  }
  summarise(all);
  byId('none').hidden = all.changes.length > 0;
  const ended = all.ended || [];
  byId('ended').hidden = ended.length === 0;
  show(byId('ended-list'), ended, list => list.map(one => el('li', {}, el('b', {}, one.id), ' ', one.message, ' ', one.remedy)));
}

function summarise(all) {
  const count = (n, one, many) => `${n} ${n === 1 ? one : many}`;
  const waiting = [...verdicts.values()].filter(verdict => verdict === 'waits').length;
  const nodes = new Set(all.changes.flatMap(change => change.nodes.map(node => node.node))).size;
  const text = [count(all.changes.length, 'change', 'changes'), count(nodes, 'node', 'nodes'),
    waiting ? `${waiting} ${waiting === 1 ? 'waits' : 'wait'}` : 'nothing waits'].join(' · ');
  say(byId('summary'), text);
  const title = waiting ? `(${waiting}) Segue` : 'Segue';
  if (document.title !== title) document.title = title;
}

// For those who do not see the page: only when a change begins or ceases to wait, not every second.
function announce(change, verdict) {
  if (verdicts.get(change.id) === verdict) return;
  const first = !verdicts.has(change.id);
  verdicts.set(change.id, verdict);
  if (first && verdict !== 'waits') return;
  const why = change.held.map(one => one.message).join('; ');
  say(byId('announcer'), `${change.id}: ${verdict === 'waits' ? `waits. ${why}` : verdict === 'there' ? `is in ${change.phase}` : verdict}`);
}

document.addEventListener('visibilitychange', () => { if (!document.hidden) again(0); });
poll();
