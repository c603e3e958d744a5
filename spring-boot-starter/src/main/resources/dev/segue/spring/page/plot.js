// Rows per second of the last minutes, as this page has seen them.

import { number, say, set, svg, el } from './dom.js';

const SAMPLES = 150;
const WIDTH = 300;
const HEIGHT = 54;

export class Plot {
  constructor() {
    this.samples = [];
    this.area = svg('polygon', { class: 'area' });
    this.line = svg('polyline', { class: 'line' });
    this.image = svg('svg', {
      class: 'plot', role: 'img', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none',
    }, svg('line', { class: 'base', x1: 0, x2: WIDTH, y1: HEIGHT - 0.5, y2: HEIGHT - 0.5 }), this.area, this.line);
    this.peak = el('span', { class: 'peak' });
    this.box = el('div', { class: 'plot-box' }, this.image, this.peak);
  }

  add(rate) {
    this.samples.push(rate);
    if (this.samples.length > SAMPLES) this.samples.shift();
    const top = Math.max(1, ...this.samples);
    const step = WIDTH / (SAMPLES - 1);
    const first = WIDTH - (this.samples.length - 1) * step;
    const points = this.samples
      .map((value, i) => `${(first + i * step).toFixed(1)},${(HEIGHT - 2 - (value / top) * (HEIGHT - 6)).toFixed(1)}`);
    set(this.line, 'points', points.join(' '));
    set(this.area, 'points', [`${first.toFixed(1)},${HEIGHT}`, ...points, `${WIDTH},${HEIGHT}`].join(' '));
    set(this.image, 'aria-label', `Rows per second while this page has been open: ${number(rate)} now, ${number(Math.max(...this.samples))} at most`);
    say(this.peak, Math.max(...this.samples) > 0 ? `peak ${number(Math.max(...this.samples))}/s` : '');
  }
}
