/**
 * A chart with its title, its keys, and the same figures as a table.
 */
import { type Chart, draw } from "./chart.ts"
import { type Markup, markup, raw } from "./markup.ts"

/** What a colour or a shape stands for; all shapes are fixed text of this module. */
export interface Key {
  readonly shape: keyof typeof shapes
  readonly color: string
  readonly text: string
}

const shapes = {
  line: `<path d="M0 6H22" stroke="currentColor" stroke-width="2.5"/>`,
  dashes: `<path d="M0 6H22" stroke="currentColor" stroke-width="2" stroke-dasharray="5 4"/>`,
  box: `<rect x="5" width="12" height="12" rx="2" fill="currentColor"/>`,
  up: `<path d="M11 1l5 10H6Z" fill="currentColor"/>`,
  down: `<path d="M11 11l5 -10H6Z" fill="currentColor"/>`,
  diamond: `<path d="M11 0l6 6l-6 6l-6 -6Z" fill="currentColor"/>`,
  range: `<path d="M11 1V11M7 1H15M7 11H15" stroke="currentColor"/>`
}

const keyed = ({ color, shape, text }: Key): Markup =>
  markup`<li><svg viewBox="0 0 22 12" aria-hidden="true" style="color:var(--${color})">${raw(shapes[shape])}</svg>${text}</li>`

/** What stands where there is nothing to draw. */
export const empty = (text: string): Markup => markup`<p class="empty">${text}</p>`

/** The figure; `table` is what the chart shows, exactly. */
export const figure = (options: {
  readonly title: string
  readonly about: string
  readonly keys?: ReadonlyArray<Key>
  readonly chart: Chart
  readonly table: Markup
}): Markup => {
  const { about, chart, keys = [], table, title } = options
  const list = keys.length === 0 ? undefined : markup`<ul class="keys">${keys.map(keyed)}</ul>`
  return markup`<figure id="figure-${chart.id}"><figcaption><h3>${title}</h3><p>${about}</p>${list}</figcaption><div class="drawing">${draw(chart)}</div><details><summary>The figures as a table<span class="unseen">: ${title}</span></summary>${table}</details></figure>`
}
