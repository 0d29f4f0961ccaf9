/**
 * What cannot be done: whether it is said clearly, with an exit code, whether
 * what was there before is there still, byte for byte, and whether the right
 * command gives afterwards what it always gives.
 */
import * as Effect from "effect/Effect"
import { Timestamp } from "effect-kalshi"
import * as ChildProcess from "node:child_process"
import * as NodeFs from "node:fs"
import * as NodePath from "node:path"
import * as Child from "./Child.ts"
import * as Reading from "./Reading.ts"
import type * as Run from "./Run.ts"
import type { Venue } from "./Venue.ts"

/** What came of something that cannot be done. */
export interface Refused {
  readonly what: string
  /** The exit code; null where it was a signal. */
  readonly code: number | null
  readonly message: string
  /** Whether the message says what it is about. */
  readonly isClear: boolean
  /** Whether every file of before is what it was. */
  readonly isKept: boolean
  /** Whether the right command then gives the right file. */
  readonly isDone: boolean
}

export interface Outcome {
  readonly program: string
  readonly cases: ReadonlyArray<Refused>
  readonly skipped: ReadonlyArray<string>
}

export const isGood = ({ code, isClear, isDone, isKept }: Refused): boolean =>
  code !== 0 && code !== null && isClear && isKept && isDone

/** Every file of a folder with what is in it, but for the lock that a killed process leaves behind. */
const look = (folder: string): ReadonlyMap<string, string> =>
  new Map(
    NodeFs.readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.endsWith(".lock"))
      .map((entry) => NodePath.join(entry.parentPath, entry.name))
      .toSorted()
      .map((path) => [path, NodeFs.readFileSync(path).toString("base64")])
  )

const isSame = (before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): boolean =>
  before.size === after.size && [...before].every(([path, bytes]) => after.get(path) === bytes)

/** Whether what was complete before is what it was; what a stopped export keeps beside it may have grown. */
const isThere = (paths: ReadonlyArray<string>, before: ReadonlyMap<string, string>, folder: string): boolean => {
  const after = look(folder)
  return paths.every((path) => after.get(path) !== undefined && after.get(path) === before.get(path))
}

const mount = (...args: ReadonlyArray<string>): boolean =>
  ChildProcess.spawnSync("mount", [...args], { stdio: "ignore" }).status === 0

/** A disk of one's own with so many bytes, where this user may have one. */
const disk = (folder: string, bytes: number) =>
  Effect.acquireRelease(
    Effect.sync(() => {
      NodeFs.mkdirSync(folder, { recursive: true })
      return mount("-t", "tmpfs", "-o", `size=${Math.ceil(bytes / 1024)}k`, "chaos-export", folder)
    }),
    (isMounted) =>
      Effect.sync(() => {
        if (isMounted) ChildProcess.spawnSync("umount", [folder], { stdio: "ignore" })
      })
  )

const remount = (folder: string, options: string) => Effect.sync(() => mount("-o", `remount,${options}`, folder))

const SIDE_BY_SIDE = 2

/** What cannot be done, by name. */
export const names = ["format", "range", "another", "cut", "unwritable", "full-reading", "full-writing"] as const

/** Runs what cannot be done, or some of it, and what can with it, through a program that understands the words of `kalshi export`. */
export const play = Effect.fnUntraced(function* (
  name: string,
  program: Run.Program,
  venue: Venue,
  folder: string,
  which: ReadonlyArray<(typeof names)[number]> = names
) {
  yield* Effect.sync(() => NodeFs.rmSync(folder, { recursive: true, force: true }))
  yield* Effect.sync(() => NodeFs.mkdirSync(folder, { recursive: true }))
  const run = (args: ReadonlyArray<string>) =>
    Child.start(program(args, venue.env), () => {}).pipe(
      Effect.flatMap(({ ended }) => ended),
      Effect.scoped
    )
  const until = Timestamp.format(venue.open.until)
  const middle = Timestamp.format(venue.at(0.5))
  const fills = (out: string, format = "ndjson") => ["fills", "--format", format, "--out", out, "--until", until]
  const half = (out: string) => ["fills", "--format", "ndjson", "--out", out, "--until", middle]

  const complete = Effect.fnUntraced(function* (args: ReadonlyArray<string>) {
    const { code, said } = yield* run(args)
    if (code !== 0) return yield* Effect.die(`${name} ${args.join(" ")} ended with ${code}: ${said}`)
  })
  const path = (of: string) => NodePath.join(folder, `${of}.ndjson`)
  yield* Effect.all([complete(fills(path("whole"))), complete(half(path("half")))], { concurrency: SIDE_BY_SIDE })
  const right = yield* Reading.sha256(path("whole"))
  const size = NodeFs.statSync(path("whole")).size
  /** Puts a complete export where it is to be found. */
  const put = (of: string, to: string) =>
    Effect.sync(() => {
      for (const end of ["", ".checkpoint"]) NodeFs.copyFileSync(path(of) + end, to + end)
    })
  const isRight = (path: string) =>
    Effect.suspend(() =>
      NodeFs.existsSync(path) ? Effect.map(Reading.sha256(path), (hash) => hash === right) : Effect.succeed(false)
    )

  const cases: Array<Refused> = []
  const skipped: Array<string> = []
  const refused = Effect.fnUntraced(function* (
    what: string,
    wrong: ReadonlyArray<string>,
    about: RegExp,
    /** What is in force before and after: all files of the folder, or these. */
    where: { readonly folder: string; readonly paths?: ReadonlyArray<string> | undefined },
    then: Effect.Effect<boolean>
  ) {
    const before = look(where.folder)
    const { code, said } = yield* run(wrong)
    const isKept =
      where.paths === undefined ? isSame(before, look(where.folder)) : isThere(where.paths, before, where.folder)
    const message = said.trim()
    cases.push({ what, code, message, isClear: about.test(message), isKept, isDone: yield* then })
  })
  const place = (of: string) =>
    Effect.sync(() => {
      const directory = NodePath.join(folder, of)
      NodeFs.mkdirSync(directory, { recursive: true })
      return { directory, path: NodePath.join(directory, "fills.ndjson") }
    })
  const then = (args: ReadonlyArray<string>, path: string) => Effect.andThen(complete(args), isRight(path))
  /** Stops an export in the middle of it, by what it keeps beside its output. */
  const stopped = Effect.fnUntraced(function* (args: ReadonlyArray<string>, path: string) {
    const { ended, kill } = yield* Child.start(program(args, venue.env), () => {})
    const underWay = Effect.sync(() => {
      const checkpoint = `${path}.checkpoint`
      return NodeFs.existsSync(checkpoint) && !/"records":0\b/.test(NodeFs.readFileSync(checkpoint, "utf8"))
    }).pipe(Effect.delay(1), Effect.repeat({ until: (isUnderWay) => isUnderWay }), Effect.andThen(kill))
    yield* Effect.raceFirst(underWay, ended)
    return (yield* ended).signal === "SIGKILL"
  }, Effect.scoped)
  /** An export that has begun, and is not done. */
  const begun = Effect.fnUntraced(function* (args: ReadonlyArray<string>, path: string) {
    for (let tries = 0; tries < 20; tries++) {
      yield* Effect.sync(() => {
        for (const file of [path, `${path}.checkpoint`, `${path}.spool`]) NodeFs.rmSync(file, { force: true })
      })
      if ((yield* stopped(args, path)) && !NodeFs.existsSync(path)) return
    }
    return yield* Effect.die("an export was never stopped before its end")
  })

  const unknownFormat = Effect.gen(function* () {
    const { directory, path } = yield* place("format")
    yield* put("whole", path)
    yield* refused("an unknown format", fills(path, "xml"), /xml/, { folder: directory }, then(fills(path), path))
  })

  const backwards = Effect.gen(function* () {
    const { directory, path } = yield* place("range")
    yield* put("whole", path)
    yield* refused(
      "until before since",
      ["fills", "--format", "ndjson", "--out", path, "--since", until, "--until", middle],
      /since.*nothing|nothing.*since/s,
      { folder: directory },
      then(fills(path), path)
    )
  })

  const another = Effect.gen(function* () {
    const { directory, path } = yield* place("another")
    yield* begun(fills(path), path)
    yield* refused(
      "a checkpoint of another export",
      fills(path, "csv"),
      /checkpoint is of another export.*csv/s,
      { folder: directory },
      then(fills(path), path)
    )
  })

  const cut = Effect.gen(function* () {
    const { directory, path } = yield* place("cut")
    yield* begun(fills(path), path)
    const checkpoint = `${path}.checkpoint`
    const text = NodeFs.readFileSync(checkpoint, "utf8")
    yield* Effect.sync(() => NodeFs.writeFileSync(checkpoint, text.slice(0, Math.floor(text.length / 2))))
    yield* refused(
      "a checkpoint cut in half",
      fills(path),
      /checkpoint is damaged/,
      { folder: directory },
      Effect.andThen(
        Effect.sync(() => NodeFs.writeFileSync(checkpoint, text)),
        then(fills(path), path)
      )
    )
  })

  // whoever may do everything may not write to a disk that nobody may
  const unwritable = Effect.gen(function* () {
    const { directory, path } = yield* place("unwritable")
    const isMounted = yield* disk(directory, 4 * size)
    if (!isMounted && process.getuid?.() === 0) {
      skipped.push("an unwritable folder: this user may write everywhere, and may not mount")
      return
    }
    yield* put("half", path)
    yield* isMounted ? remount(directory, "ro") : Effect.sync(() => NodeFs.chmodSync(directory, 0o555))
    const open = isMounted ? remount(directory, "rw") : Effect.sync(() => NodeFs.chmodSync(directory, 0o755))
    yield* refused(
      "an unwritable folder",
      fills(path),
      /cannot be written/,
      { folder: directory },
      Effect.andThen(open, then(fills(path), path))
    )
  }).pipe(Effect.scoped)

  // what was there before has half of the size, what is kept beside the output once more all of it
  const filled = Effect.fnUntraced(function* (what: string, share: number) {
    const { directory, path } = yield* place(`full-${share}`)
    if (!(yield* disk(directory, share * size))) {
      skipped.push(`${what}: a disk of one's own takes a user who may mount one`)
      return
    }
    yield* put("half", path)
    yield* refused(
      what,
      fills(path),
      /the disk is full/,
      { folder: directory, paths: [path] },
      Effect.andThen(remount(directory, `size=${Math.ceil((4 * size) / 1024)}k`), then(fills(path), path))
    )
  }, Effect.scoped)

  const all = {
    format: unknownFormat,
    range: backwards,
    another,
    cut,
    unwritable,
    "full-reading": filled("a disk that is full while it reads", 1.1),
    "full-writing": filled("a disk that is full while it writes", 1.9)
  }
  yield* Effect.forEach(which, (one) => all[one], { concurrency: SIDE_BY_SIDE, discard: true })
  yield* Effect.sync(() => NodeFs.rmSync(folder, { recursive: true, force: true }))
  const outcome: Outcome = { program: name, cases, skipped }
  return outcome
})
