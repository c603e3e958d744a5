// What an operator can do: each button says what it will do, and whether that can be undone.

import { el, say, show } from './dom.js';
import { PHASES, phasesOf } from './track.js';

const meta = name => document.querySelector(`meta[name="${name}"]`).content;
const AGAIN = 'Can be undone: request another phase, or clear the request.';

function requests(kind) {
  return phasesOf(kind).map(phase => ({
    id: `request-${phase}`,
    label: `Go to ${phase}`,
    does: `The whole fleet goes there, as far as the rule lets it: reads ${PHASES[phase].reads}, writes ${PHASES[phase].writes}.`,
    undo: AGAIN,
    body: { action: 'request', phase },
    reason: true,
    useless: change => change.requested === phase && change.requestedBy === 'operator' && !change.abandoned,
  }));
}

const OTHERS = [
  {
    id: 'clear-request', label: 'Clear the request',
    does: 'What operators and the watch have told the fleet is taken back; flags and configuration count again.',
    undo: 'Can be undone: request the phase again.',
    useless: change => !change.abandoned && !change.requests.some(r => ['operator', 'watch'].includes(r.source)),
  },
  {
    id: 'pause', label: 'Pause the work on rows',
    does: 'Backfill and comparison rest on all nodes, from their next batch on. Reads and writes of the application go on.',
    undo: 'Can be undone: resume.',
    useless: change => change.pausedBy,
  },
  {
    id: 'resume', label: 'Resume the work on rows',
    does: 'Backfill and comparison go on where they were.',
    undo: 'Can be undone: pause.',
    useless: change => !change.pausedBy,
  },
  {
    id: 'retune', label: 'Retune the work on rows',
    does: 'Workers of all nodes go on at this pace, from their next batch on. What is left empty is as configured.',
    undo: 'Can be undone: retune with empty fields.',
    fields: [['targetBatchTime', 'ms a batch', 'ms'], ['maxRowsPerSecond', 'rows/s a worker', ''], ['workers', 'workers', '']],
  },
  {
    id: 'verify', label: 'Compare all rows',
    does: 'Both sides of every row are compared soon, without locks. It changes nothing.',
    undo: 'Nothing to undo.',
    useless: change => !(change.sealed.old && change.sealed.new),
  },
  {
    id: 'repair-new', label: 'Repair NEW from OLD',
    does: 'Writes the new columns of the rows that were found to differ from their old ones.',
    question: 'The new columns of all listed rows are overwritten with what their old columns convert to.',
    body: { action: 'repair', side: 'new' },
    useless: change => !change.verification.mismatches,
  },
  {
    id: 'repair-old', label: 'Repair OLD from NEW',
    does: 'Writes the old columns of the rows that were found to differ from their new ones.',
    question: 'The old columns of all listed rows are overwritten with what their new columns convert to.',
    body: { action: 'repair', side: 'old' },
    useless: change => !change.verification.mismatches,
  },
  {
    id: 'vouch', label: 'Vouch: nobody else writes',
    does: 'You vouch that nothing outside the fleet writes the table. Nothing waits for the guard any more.',
    question: 'If a script or an old version still writes the table, its writes can be lost from then on.',
    useless: change => change.guard.form === 'none',
  },
  {
    id: 'discard', label: 'Discard values on the way back',
    does: 'Values that were set in the new column, and that its sources cannot hold, may be lost on the way back.',
    question: 'Values that were set in the new column are lost when the fleet goes back.',
    only: 'introduce',
  },
  {
    id: 'allow-contract', label: 'Allow the drop',
    does: 'The old columns are dropped as soon as all conditions hold: every node in new-only for the hold time, and nothing that depends on them.',
    question: 'As soon as all conditions hold, the old columns and everything in them are dropped. After that there is no way back.',
    useless: change => change.drop.permitted,
  },
  {
    id: 'abandon', label: 'Abandon the change',
    does: 'The whole fleet goes back to old-only, then the new columns are dropped.',
    final: 'A request takes it back until the new columns are gone; after that it cannot be undone.',
    question: 'The fleet goes back to old-only, and then the new columns and everything in them are dropped.',
    reason: true,
    useless: change => change.abandoned,
  },
];

// Of one lane: its fields are kept with them.
export const actionsOf = kind => [...requests(kind), ...OTHERS.filter(one => !one.only || one.only === kind)]
  .map(one => ({ ...one }));

function headers() {
  const all = { 'Content-Type': 'application/json', Accept: 'application/json', 'X-Segue': 'page' };
  if (meta('segue-csrf-header')) all[meta('segue-csrf-header')] = meta('segue-csrf-token');
  const cookie = /(?:^|; )XSRF-TOKEN=([^;]+)/.exec(document.cookie);
  if (cookie) all['X-XSRF-TOKEN'] = decodeURIComponent(cookie[1]);
  return all;
}

// What is asked and done beside the list of actions: one thing that can be waived.
export async function waive(change, key, question, done) {
  if (!await confirmed({ label: 'Waive the statement', question }, change)) return null;
  const refusal = await act(change, { action: 'waive', key });
  done();
  return refusal;
}

// Resolves to nothing if it is done, or to why not.
async function act(change, body) {
  let answer;
  try {
    answer = await fetch(`${meta('segue-endpoint')}/${encodeURIComponent(change)}`, {
      method: 'POST', headers: headers(), body: JSON.stringify(body), redirect: 'error',
    });
  } catch (e) {
    return { message: 'The node did not answer; nobody knows whether it has been done.', remedy: 'Look at the journal.' };
  }
  if (answer.ok) return null;
  const said = await answer.json().catch(() => ({}));
  if (said.message) return said;
  return answer.status === 401 || answer.status === 403
    ? { message: `You may not do this (${answer.status}).`, remedy: 'Sign in with the right to write, and load the page anew.' }
    : { message: `The node answered ${answer.status}.`, remedy: 'See its log.' };
}

export class Actions {
  constructor(kind, id, done) {
    this.id = id;
    this.done = done;
    this.all = actionsOf(kind);
    const field = `reason-${id}`;
    this.reason = el('input', { id: field, type: 'text', maxlength: 1000, autocomplete: 'off', placeholder: 'kept in the journal' });
    this.result = el('p', { class: 'result', role: 'status' });
    this.denied = el('p', { class: 'denied', hidden: true },
      'You can look and not act: that needs ', el('code', {}, 'management.endpoint.segue.access=unrestricted'), '.');
    this.buttons = new Map();
    const lines = this.all.map(action => this.#line(action));
    this.fields = el('fieldset', {}, el('legend', { class: 'unseen' }, `Actions on ${id}`),
      el('p', { class: 'reason' }, el('label', { for: field }, 'Reason for a request or for abandoning'), this.reason),
      el('ul', { class: 'action-list' }, lines));
    this.box = el('details', { class: 'actions' }, el('summary', {}, 'Actions'), this.denied, this.result, this.fields);
  }

  #line(action) {
    const about = `about-${action.id}-${this.id}`;
    const button = el('button', {
      type: 'button', class: action.question ? 'danger' : '', 'data-action': action.id, 'aria-describedby': about,
      on: { click: () => this.#press(action) },
    }, action.label);
    this.buttons.set(action, button);
    action.inputs = (action.fields || []).map(([name, label, unit]) => ({
      name, unit, label, input: el('input', { type: 'number', min: 0, step: 1, 'data-field': name }),
    }));
    return el('li', {}, button, el('div', {}, el('p', { id: about }, action.does, ' ',
      el('span', { class: action.question ? 'undo final' : 'undo' }, action.question ? action.final || 'Cannot be undone.' : action.undo)),
    action.inputs.length ? el('p', { class: 'fields' }, action.inputs.map(one => el('label', {}, one.input, ` ${one.label}`))) : null));
  }

  async #press(action) {
    if (action.question && !await confirmed(action, this.id)) return;
    const body = { ...(action.body || { action: action.id }) };
    for (const one of action.inputs) if (one.input.value) body[one.name] = one.input.value + one.unit;
    if (action.reason && this.reason.value.trim()) body.reason = this.reason.value.trim();
    const button = this.buttons.get(action);
    button.setAttribute('aria-busy', 'true');
    const refusal = await act(this.id, body);
    button.removeAttribute('aria-busy');
    this.result.dataset.state = refusal ? 'refused' : 'done';
    show(this.result, refusal || { done: action.label, at: Date.now() }, said => (refusal
      ? [el('strong', {}, said.message), ' ', said.remedy || '']
      : [`Done: ${action.label}.`]));
    if (!refusal) this.reason.value = '';
    this.done();
  }

  update(change, access) {
    const mayWrite = access === 'unrestricted';
    this.denied.hidden = mayWrite;
    const over = change.stages.contract === 'done';
    for (const [action, button] of this.buttons) {
      // Not disabled in the middle of a press: the focus would be lost.
      const off = !mayWrite || over || Boolean(action.useless && action.useless(change));
      if (button.getAttribute('aria-disabled') !== String(off)) button.setAttribute('aria-disabled', off);
      if (button.disabled !== (off && document.activeElement !== button)) button.disabled = off && document.activeElement !== button;
    }
  }
}

function confirmed(action, change) {
  const dialog = document.getElementById('confirm');
  say(document.getElementById('confirm-title'), `${action.label}: ${change}`);
  say(document.getElementById('confirm-text'), action.question);
  say(dialog.querySelector('.final'), action.final || 'This cannot be undone.');
  const yes = document.getElementById('confirm-yes');
  const no = document.getElementById('confirm-no');
  say(yes, action.label);
  return new Promise(resolve => {
    yes.onclick = () => { dialog.returnValue = 'yes'; dialog.close('yes'); };
    no.onclick = () => dialog.close('no');
    dialog.onclose = () => resolve(dialog.returnValue === 'yes');
    dialog.returnValue = 'no';
    dialog.showModal();
  });
}
