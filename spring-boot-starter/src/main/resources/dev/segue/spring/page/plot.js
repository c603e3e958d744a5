// Something measured over the last minutes, as this page has seen it.

import { say, set, svg, el } from './dom.js';

const SAMPLES = 150;
const WIDTH = 300;
const HEIGHT = 54;

export class Plot {
  constructor(name, spell) {
    this.name = name;
    this.spell = spell;
    this.samples = [];
    this.area = svg('polygon', { class: 'area' });
    this.line = svg('polyline', { class: 'line' });
    this.image = svg('svg', {
      class: 'plot', role: 'img', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none',
    }, svg('line', { class: 'base', x1: 0, x2: WIDTH, y1: HEIGHT - 0.5, y2: HEIGHT - 0.5 }), this.area, this.line);
    this.peak = el('span', { class: 'peak' });
    this.box = el('div', { class: 'plot-box', hidden: true }, this.image, this.peak);
  }

  add(value) {
    this.samples.push(value);
    if (this.samples.length > SAMPLES) this.samples.shift();
    const top = Math.max(Number.MIN_VALUE, ...this.samples);
    const step = WIDTH / (SAMPLES - 1);
    const first = WIDTH - (this.samples.length - 1) * step;
    const points = this.samples
      .map((sample, i) => `${(first + i * step).toFixed(1)},${(HEIGHT - 2 - (sample / top) * (HEIGHT - 6)).toFixed(1)}`);
    set(this.line, 'points', points.join(' '));
    set(this.area, 'points', [`${first.toFixed(1)},${HEIGHT}`, ...points, `${WIDTH},${HEIGHT}`].join(' '));
    const peak = Math.max(...this.samples);
    const told = `${this.spell(value)} now, ${this.spell(peak)} at most`;
    set(this.image, 'aria-label', `${this.name} while this page has been open: ${told}`);
    say(this.peak, `${this.name}: ${told}`);
    this.box.hidden = peak === 0;
  }
}
