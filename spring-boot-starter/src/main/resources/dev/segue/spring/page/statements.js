// Statements of the application that somebody should mind, each with a button to waive it.

import { el, say, show } from './dom.js';
import { waive } from './actions.js';

export class Statements {
  // tell(one): what is known of a statement; question(one): what it means to waive it; waivable(one): whether it can be.
  constructor(title, label, refresh, { tell, question, waivable }) {
    Object.assign(this, { refresh, tell, question, waivable });
    this.list = el('ul', {});
    this.box = el('section', { class: 'seen', 'aria-label': label, hidden: true }, el('h3', {}, title), this.list);
  }

  update(change, statements, access) {
    this.box.hidden = statements.length === 0;
    // Anew only when there is another statement or word on one: a button that has the focus keeps it.
    show(this.list, [access, statements.map(one => [one.key, one.waivedBy, this.waivable(one)])],
      () => statements.map(one => this.#build(change, one, access)));
    for (const one of statements) {
      say(this.list.querySelector(`[data-seen="${CSS.escape(one.key)}"]`), this.tell(one));
    }
  }

  #build(change, one, access) {
    const result = el('p', { class: 'result', role: 'status', 'data-state': 'refused' });
    const button = el('button', {
      type: 'button', class: 'danger', 'data-waive': one.key,
      on: { click: async () => {
        const refusal = await waive(change, one.key, this.question(one), this.refresh);
        say(result, refusal ? `${refusal.message} ${refusal.remedy || ''}` : '');
      } },
    }, 'Waive');
    return el('li', {},
      el('code', {}, one.statement),
      el('p', { 'data-seen': one.key }),
      one.waivedBy ? el('p', {}, el('b', {}, `Waived by ${one.waivedBy}.`))
        : access === 'unrestricted' && this.waivable(one) && button,
      result);
  }
}
