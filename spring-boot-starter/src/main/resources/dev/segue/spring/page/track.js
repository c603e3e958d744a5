// The way of one change: its phases as stations, its stages and the proof as stops between them, its nodes as riders.

import { el, set, show } from './dom.js';

export const PHASES = {
  'old-only': { reads: 'OLD', writes: 'OLD' },
  'dual-write': { reads: 'OLD', writes: 'both' },
  'shadow-read': { reads: 'OLD, compares', writes: 'both' },
  'read-new': { reads: 'NEW', writes: 'both' },
  'new-only': { reads: 'NEW', writes: 'NEW' },
};

const STAGES = {
  expand: 'adds the new columns',
  guard: 'catches one-sided writes',
  enforce: 'indexes and constraints',
  relax: 'old may be left out',
  contract: 'drops the old columns',
};

const WAY = ['old-only', 'expand', 'dual-write', 'guard', 'proof', 'enforce', 'shadow-read', 'read-new', 'relax',
  'new-only', 'contract'];
const SHORT_WAY = ['old-only', 'relax', 'new-only', 'contract'];
const MOST_RIDERS = 6;

export const phasesOf = kind => Object.keys(PHASES).filter(phase => stops(kind).includes(phase));

const stops = kind => (kind === 'retire' ? SHORT_WAY : WAY);
const order = phase => Object.keys(PHASES).indexOf(phase);

export class Track {
  constructor() {
    this.list = el('ol', { class: 'track', 'aria-label': 'The way of this change' });
  }

  update(change) {
    set(this.list, 'data-kind', change.kind);
    const shown = stops(change.kind).map(name => this.#stop(name, change));
    const reached = shown.findLastIndex(stop => stop.state !== 'pending');
    shown.forEach((stop, i) => { stop.rail = i < reached ? 'gone' : i === reached ? 'half' : 'ahead'; });
    show(this.list, shown, all => all.map(stop => this.#build(stop)));
  }

  #stop(name, change) {
    if (PHASES[name]) return this.#station(name, change);
    if (name === 'proof') {
      const pass = change.backfill.direction === 'old-to-new' && change.backfill.state === 'running';
      const state = change.sealed.new || change.stages.contract === 'done' ? 'done' : pass ? 'applying' : 'pending';
      return { name, type: 'proof', note: 'every row, proven', state };
    }
    return { name, type: 'stage', note: STAGES[name], state: change.stages[name] };
  }

  #station(name, change) {
    const riders = change.nodes.filter(node => node.phase === name).map(node => ({ name: node.node }));
    const draining = change.nodes.filter(node => node.draining.includes(name))
      .map(node => ({ name: node.node, draining: true }));
    const { reads, writes } = PHASES[name];
    return {
      name,
      type: 'phase',
      note: `reads ${reads} · writes ${writes}`,
      riders: [...riders, ...draining],
      state: riders.length ? 'here' : change.nodes.some(node => order(node.phase) > order(name)) ? 'done' : 'pending',
      goal: change.requested === name ? change.requestedBy : null,
    };
  }

  #build(stop) {
    const riders = stop.riders || [];
    const words = stop.type === 'phase'
      ? [riders.length ? `nodes here: ${riders.map(r => r.name + (r.draining ? ' (draining)' : '')).join(', ')}` : 'no node here']
      : [{ pending: 'not done', applying: 'under way', done: 'done', reverting: 'being taken back' }[stop.state]];
    return el('li', {
      class: `stop ${stop.type}`, 'data-stop': stop.name, 'data-state': stop.state, 'data-rail': stop.rail,
      'aria-current': stop.state === 'here' ? 'step' : null,
    },
    el('div', { class: 'riders' },
      riders.slice(0, MOST_RIDERS).map(rider => el('span', {
        class: rider.draining ? 'rider draining' : 'rider', title: rider.draining ? `${rider.name}, draining` : rider.name,
      }, rider.name)),
      riders.length > MOST_RIDERS && el('span', { class: 'rider more' }, `+ ${riders.length - MOST_RIDERS}`)),
    el('div', { class: 'rail', 'aria-hidden': 'true' }, el('span', { class: 'dot' })),
    el('div', { class: 'label' },
      el('span', { class: 'name' }, stop.name),
      el('span', { class: 'note' }, stop.note),
      stop.goal && el('span', { class: 'goal' }, `goal · ${stop.goal}`),
      el('span', { class: 'unseen' }, `; ${words[0]}`)));
  }
}
