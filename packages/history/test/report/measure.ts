/**
 * What is asked of a page in the browser: plain script, run there.
 */

/** A mark of a chart, in pixels of the page. */
export interface Mark {
  readonly series: number
  readonly index: number
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

/** A chart that is seen. */
export interface Seen {
  readonly id: string
  readonly left: number
  readonly right: number
  readonly height: number
  readonly marks: ReadonlyArray<Mark>
  /** The points of its line and how high it reaches, if it has one. */
  readonly line: { readonly points: number; readonly width: number; readonly height: number } | undefined
  readonly hits: number
  /** Letters that are outside of the window, and the size of the smallest. */
  readonly outside: ReadonlyArray<string>
  readonly smallest: number
}

/** Every chart that is seen. */
export const charts = `(() => [...document.querySelectorAll(".drawing > svg")].flatMap((svg) => {
  const box = svg.getBoundingClientRect()
  if (box.width === 0) return []
  const texts = [...svg.querySelectorAll("text")].filter((text) => text.textContent.trim() !== "")
  const scale = box.width / svg.viewBox.baseVal.width
  const path = svg.querySelector('path[stroke="var(--line)"]')
  const lineBox = path?.getBoundingClientRect()
  return [{
    id: svg.id,
    left: box.left,
    right: box.right,
    height: box.height,
    marks: [...svg.querySelectorAll(".mark")].map((mark) => {
      const { height, left, top, width } = mark.getBoundingClientRect()
      return { series: Number(mark.dataset.series), index: Number(mark.dataset.index), left, top, width, height }
    }),
    line: path ? { points: path.getAttribute("d").split(/[ML]/).length - 1, width: lineBox.width, height: lineBox.height } : undefined,
    hits: svg.querySelectorAll(".hit").length,
    outside: texts.filter((text) => {
      const { left, right } = text.getBoundingClientRect()
      return left < -1 || right > innerWidth + 1
    }).map((text) => text.textContent),
    smallest: Math.min(...texts.map((text) => parseFloat(getComputedStyle(text).fontSize) * scale))
  }]
}))()`

/** The sizes of letters outside of charts, the smallest. */
export const smallestText = `(() => Math.min(...[...document.querySelectorAll("body *:not(svg *):not(script)")]
  .filter((each) => each.offsetParent !== null && [...each.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== ""))
  .map((each) => parseFloat(getComputedStyle(each).fontSize))))()`

/** How many of the figures at the top run out of their boxes. */
export const cut = `[...document.querySelectorAll(".figures .value")].filter((each) => each.scrollWidth > each.clientWidth).length`

/** How far the page is wider than its window. */
export const overflow = `document.documentElement.scrollWidth - innerWidth`

/** Text that stands out from its ground by less than 4.5 to 1. */
export const faint = `(() => {
  const parse = (color) => color.match(/[\\d.]+/g).map(Number)
  const light = (color) => {
    const [r, g, b] = color.map((part) => part / 255).map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const ground = (element) => {
    for (let each = element; each; each = each.parentElement) {
      const color = parse(getComputedStyle(each).backgroundColor)
      if (color.length === 3 || color[3] > 0) return color
    }
    return [255, 255, 255]
  }
  const faint = []
  for (const element of document.querySelectorAll("body *")) {
    if (element.closest("script, title, style")) continue
    if (![...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== "")) continue
    const style = getComputedStyle(element)
    const own = light(parse(element instanceof SVGElement ? style.fill : style.color))
    const under = light(ground(element))
    const contrast = (Math.max(own, under) + 0.05) / (Math.min(own, under) + 0.05)
    if (contrast < 4.5) faint.push(contrast.toFixed(2) + " " + element.textContent.slice(0, 30))
  }
  return faint
})()`

/** The ground of the page, as red, green and blue. */
export const ground = `getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)`

/** All tables: their captions, whether they are seen, their heads and their rows. */
export interface Table {
  readonly caption: string
  readonly height: number
  readonly head: ReadonlyArray<string>
  readonly rows: ReadonlyArray<ReadonlyArray<string>>
  readonly total: ReadonlyArray<string> | undefined
  /** Whether each row and each column has its name as a header. */
  readonly isNamed: boolean
}

export const tables = `[...document.querySelectorAll("table")].map((table) => {
  const cells = (row) => [...row.children].map((cell) => cell.textContent)
  const foot = table.querySelector("tfoot tr")
  return {
    caption: table.caption.textContent,
    height: table.getBoundingClientRect().height,
    head: cells(table.tHead.rows[0]),
    rows: [...table.tBodies[0].rows].map(cells),
    total: foot ? cells(foot) : undefined,
    isNamed: [...table.tBodies[0].rows].every((row) => row.cells[0].scope === "row") &&
      [...table.tHead.rows[0].cells].every((cell) => cell.scope === "col")
  }
})`
