/**
 * Charts as SVG, drawn once for screens and paper and once for phones: a wide
 * drawing scaled down would have letters that nobody can read. Colours are
 * variables of the page, so that one drawing serves light and dark.
 */
import type { EChartsOption } from "echarts"
import { init } from "echarts/dist/echarts.esm.min"
import { escape, type Markup, markup, raw } from "./markup.ts"

/** A drawing: its width in its own units, of which the page shows 0.8 to 1.4 pixels each. */
export interface Size {
  readonly name: "wide" | "narrow"
  readonly width: number
}

const sizes: ReadonlyArray<Size> = [
  { name: "wide", width: 900 },
  { name: "narrow", width: 340 }
]

/** The size of letters in every chart, in units of the drawing. */
export const FONT = 13

/** Tells where a value lies in a drawing, in its units. */
export type Place = (x: number, y: number) => readonly [x: number, y: number]

/** A chart of one or two drawings. */
export interface Chart {
  readonly id: string
  /** What is seen, for those who do not see it. */
  readonly label: string
  readonly height: (size: Size) => number
  readonly option: (size: Size) => EChartsOption
  /** What a mark says, by the indices of its series and of its value. */
  readonly tip: (series: number, index: number) => string | undefined
  /** What is drawn on top. */
  readonly over?: (size: Size, place: Place, height: number) => ReadonlyArray<Markup>
}

/** What all charts share. */
const common: EChartsOption = {
  animation: false,
  textStyle: { fontFamily: "inherit", fontSize: FONT, color: "var(--muted)" }
}

const attribute = (attributes: string, name: string): number | undefined => {
  const found = new RegExp(` ${name}="(\\d+)"`).exec(attributes)?.[1]
  return found === undefined ? undefined : Number(found)
}

/** A tenth of a unit is finer than any screen. */
const rounded = (path: string): string =>
  path.replace(/-?\d+\.\d\d+/g, (number) => String(Math.round(Number(number) * 10) / 10 + 0))

/**
 * Makes what the library wrote fit for a page: its ids count up over a process,
 * its styles are for hovering with a script, and marks have no text.
 */
const cleaned = (svg: string, id: string, tip: Chart["tip"]): string =>
  svg
    .replace(/<style[^>]*>[^]*?<\/style>/g, "")
    .replace(/^<svg[^>]*>\s*<rect[^>]*><\/rect>/, "")
    .replace(/<\/svg>\s*$/, "")
    .replace(/<([a-zA-Z]+)( [^<>]*)>/g, (_, name: string, attributes: string) => {
      const series = attribute(attributes, "ecmeta_series_index")
      const index = attribute(attributes, "ecmeta_data_index")
      const kept = attributes
        .replace(/ (class|pointer-events|ecmeta_\w+|xml:space)="[^"]*"/g, "")
        .replace(` style="font-size:${FONT}px;font-family:inherit;"`, "")
        .replace(/zr\d+-/g, `${id}-`)
        .replace(/ d="([^"]*)"/, (_, path: string) => ` d="${rounded(path)}"`)
        .replace(/ +$/, "")
      const isSilent = attributes.includes(' ecmeta_silent="true"')
      if (series === undefined || index === undefined || isSilent) return `<${name}${kept}>`
      const said = tip(series, index)
      const title = said === undefined ? "" : `<title>${escape(said)}</title>`
      return `<${name} class="mark" data-series="${series}" data-index="${index}"${kept}>${title}`
    })
    .replace(/>\s*\n\s*</g, "><")
    .trim()

const drawing = (chart: Chart, size: Size): Markup => {
  const height = chart.height(size)
  const drawn = init(null, null, { renderer: "svg", ssr: true, width: size.width, height })
  drawn.setOption({ ...common, ...chart.option(size) })
  const id = `${chart.id}-${size.name}`
  const svg = raw(cleaned(drawn.renderToSVGString(), id, chart.tip))
  const place: Place = (x, y) => {
    const [left = 0, top = 0] = drawn.convertToPixel({ xAxisIndex: 0, yAxisIndex: 0 }, [x, y])
    return [left, top]
  }
  const over = chart.over?.(size, place, height) ?? []
  drawn.dispose()
  return markup`<svg id="${id}" class="${size.name}" viewBox="0 0 ${size.width} ${height}" role="img" aria-label="${chart.label}">${svg}${over}</svg>`
}

/** Draws a chart in both sizes; the page shows one of them. */
export const draw = (chart: Chart): ReadonlyArray<Markup> => sizes.map((size) => drawing(chart, size))
