/** A browser without a window, for tests: what it shows, and all that it asked for and said. */
import * as Fs from "node:fs"
import * as Path from "node:path"
import * as Url from "node:url"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Report from "@effect-kalshi/history/Report"
import puppeteer, { type Browser as Driver, type Page } from "puppeteer-core"
import { inject } from "vitest"

/** The program, where there is one. */
export const program = inject("chromium")

/** Where the pages and their pictures go. */
export const folder = Url.fileURLToPath(new URL("../../../../out/report/", import.meta.url))

const attempt = <A>(run: () => Promise<A>): Effect.Effect<A> => Effect.promise(run)

/** How a page is looked at. */
export interface Look {
  readonly width: number
  readonly dark?: boolean
  readonly print?: boolean
  readonly script?: boolean
}

export class Browser extends Context.Service<Browser, { readonly driver: Driver }>()("test/Browser") {}

export const layer: Layer.Layer<Browser> = Layer.effect(
  Browser,
  Effect.map(
    Effect.acquireRelease(
      attempt(() =>
        puppeteer.launch({
          executablePath: program ?? "",
          args: ["--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
        })
      ),
      (driver) => attempt(() => driver.close())
    ),
    (driver) => ({ driver })
  )
)

/** A page that is open, with what it asked for and what it said since. */
export interface Open {
  readonly page: Page
  readonly asked: ReadonlyArray<string>
  readonly said: ReadonlyArray<string>
  /** Takes its picture, all of it. */
  readonly picture: (name: string) => Effect.Effect<void>
  readonly resize: (width: number) => Effect.Effect<void>
  readonly run: <A>(code: string) => Effect.Effect<A>
}

const written = new Map<string, string>()

/** Writes the page of an account to its file, once, and tells the address. */
export const write = (name: string, data: Report.Data): string => {
  const known = written.get(name)
  if (known !== undefined) return known
  Fs.mkdirSync(folder, { recursive: true })
  const path = Path.join(folder, `${name}.html`)
  Fs.writeFileSync(path, Report.html(data))
  const address = Url.pathToFileURL(path).href
  written.set(name, address)
  return address
}

/** Opens a page and closes it with the scope. */
export const open = (address: string, look: Look) =>
  Effect.gen(function* () {
    const { driver } = yield* Browser
    const page = yield* Effect.acquireRelease(
      attempt(() => driver.newPage()),
      (page) => attempt(() => page.close())
    )
    const asked: Array<string> = []
    const said: Array<string> = []
    page.on("request", (request) => asked.push(request.url()))
    page.on("requestfailed", (request) => said.push(`failed: ${request.url()}`))
    page.on("console", (message) => said.push(message.text()))
    page.on("pageerror", (error) => said.push(String(error)))
    const isPhone = look.width < 500
    yield* attempt(() => page.setJavaScriptEnabled(look.script ?? true))
    yield* attempt(() => page.setViewport({ width: look.width, height: 844, isMobile: isPhone, hasTouch: isPhone }))
    // both at once: set apart, the one takes back the other
    const session = yield* attempt(() => page.createCDPSession())
    yield* attempt(() =>
      session.send("Emulation.setEmulatedMedia", {
        media: look.print === true ? "print" : "screen",
        features: [{ name: "prefers-color-scheme", value: look.dark === true ? "dark" : "light" }]
      })
    )
    yield* attempt(() => page.goto(address))
    const resize = (width: number) =>
      attempt(() => page.setViewport({ width, height: 844, isMobile: isPhone, hasTouch: isPhone }))
    const picture = (name: string) =>
      Effect.asVoid(attempt(() => page.screenshot({ path: Path.join(folder, `${name}.png`), fullPage: true })))
    const run = <A>(code: string): Effect.Effect<A> => attempt(() => page.evaluate(code) as Promise<A>)
    const opened: Open = { page, asked, said, picture, resize, run }
    return opened
  })
