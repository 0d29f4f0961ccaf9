/**
 * How much memory a stream of fills holds: a sandbox in one process, a program
 * of a user in another, both as they are built.
 */
import * as Crypto from "node:crypto"
import * as ChildProcess from "node:child_process"
import * as Fs from "node:fs"
import * as Os from "node:os"
import * as Path from "node:path"
import * as Readline from "node:readline"
import * as Url from "node:url"

const here = Path.dirname(Url.fileURLToPath(import.meta.url))
const SANDBOX = Path.join(here, "../../packages/sandbox/dist/bin.js")
const CLIENT = Path.join(here, "client.mjs")

/** What a run of the program told. */
export interface Run {
  /** Bytes that live before the stream begins. */
  readonly idle: number
  /** Bytes that live in the middle of each page. */
  readonly samples: ReadonlyArray<readonly [count: number, bytes: number]>
  /** The keys of the fills as they came out of the stream. */
  readonly keys: ReadonlyArray<string>
  /** The keys as the pages of the exchange have them. */
  readonly expected: ReadonlyArray<string>
}

interface Ready {
  readonly url: string
  readonly keyId: string
  readonly privateKeyPath: string
}

interface Page {
  readonly fills: ReadonlyArray<{ readonly trade_id: string; readonly order_id: string }>
  readonly cursor: string
}

const firstLine = (child: ChildProcess.ChildProcess): Promise<string> =>
  new Promise((resolve, reject) => {
    if (child.stdout === null) return reject(new Error("no output"))
    Readline.createInterface({ input: child.stdout }).once("line", resolve)
    child.once("error", reject)
    child.once("exit", (code) => reject(new Error(`the process ended with ${code} and said nothing`)))
  })

/** Every page, without our client. */
const walk = async ({ keyId, privateKeyPath, url }: Ready): Promise<ReadonlyArray<string>> => {
  const key = Fs.readFileSync(privateKeyPath, "utf8")
  const path = `${new URL(url).pathname}/portfolio/fills`
  const keys: Array<string> = []
  for (let cursor = ""; ;) {
    const timestamp = String(Date.now())
    const signature = Crypto.sign("RSA-SHA256", Buffer.from(`${timestamp}GET${path}`), {
      key,
      padding: Crypto.constants.RSA_PKCS1_PSS_PADDING,
      saltLength: Crypto.constants.RSA_PSS_SALTLEN_DIGEST
    }).toString("base64")
    const response = await fetch(`${url}/portfolio/fills?limit=1000&cursor=${encodeURIComponent(cursor)}`, {
      headers: {
        "KALSHI-ACCESS-KEY": keyId,
        "KALSHI-ACCESS-TIMESTAMP": timestamp,
        "KALSHI-ACCESS-SIGNATURE": signature
      }
    })
    if (response.status === 429) {
      await response.arrayBuffer()
      await new Promise((resolve) => setTimeout(resolve, 50))
      continue
    }
    const page = (await response.json()) as Page
    for (const fill of page.fills) keys.push(`${fill.trade_id}/${fill.order_id}`)
    if (page.cursor === "") return keys
    cursor = page.cursor
  }
}

/** Streams a history of so many fills, each process fresh. */
export const measure = async (fills: number): Promise<Run> => {
  const directory = Fs.mkdtempSync(Path.join(Os.tmpdir(), "kalshi-memory-"))
  const sandbox = ChildProcess.spawn(process.execPath, [SANDBOX, "--fills", String(fills), "--json"], {
    stdio: ["ignore", "pipe", "inherit"]
  })
  try {
    const ready = JSON.parse(await firstLine(sandbox)) as Ready
    const file = Path.join(directory, "keys")
    const client = ChildProcess.spawn(process.execPath, ["--expose-gc", CLIENT, file], {
      stdio: ["ignore", "pipe", "inherit"],
      env: {
        PATH: process.env["PATH"],
        KALSHI_ENV: "sandbox",
        KALSHI_BASE_URL: ready.url,
        KALSHI_API_KEY_ID: ready.keyId,
        KALSHI_PRIVATE_KEY_PATH: ready.privateKeyPath
      }
    })
    const told = JSON.parse(await firstLine(client)) as Pick<Run, "idle" | "samples">
    const keys = Fs.readFileSync(file, "utf8").trimEnd().split("\n")
    return { idle: told.idle, samples: told.samples, keys, expected: await walk(ready) }
  } finally {
    sandbox.kill()
    Fs.rmSync(directory, { recursive: true, force: true })
  }
}

/**
 * How much more lives in the middle of the last ten pages than before the
 * first, in bytes, at the most: as many samples of a long stream as of a short
 * one.
 */
export const growth = ({ idle, samples }: Run): number =>
  Math.max(...samples.slice(-10).map(([, bytes]) => bytes)) - idle
