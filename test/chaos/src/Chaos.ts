/**
 * The command: `npm run chaos`, and its parts.
 */
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as NodeFs from "node:fs"
import * as NodePath from "node:path"
import * as Export from "./export/Export.ts"
import * as ExportPlan from "./export/Plan.ts"
import * as Limits from "./limits/Limits.ts"
import * as LimitsPlan from "./limits/Plan.ts"
import * as Plan from "./Plan.ts"
import * as Report from "./Report.ts"
import * as Run from "./Run.ts"
import { Screen } from "./Screen.ts"
import * as Teeth from "./Teeth.ts"

/** Something broke; it has been told in full. */
export class Broken extends Data.TaggedError("Broken") {}

const flags = {
  seed: Flag.Int("seed").pipe(Flag.withDescription("Repeats a run"), Flag.withDefault(1)),
  minutes: Flag.Finite("minutes").pipe(
    Flag.withSchema(Schema.Finite.check(Schema.isBetween({ minimum: 0.1, maximum: 600 }))),
    Flag.withDescription("How long programs trade; without it until a full run has shown enough"),
    Flag.optional
  ),
  out: Flag.String("out").pipe(Flag.withDescription("Where the report goes"), Flag.withDefault("out"))
}

interface Options {
  readonly seed: number
  readonly minutes: Option.Option<number>
  readonly out: string
}

// a full run ends when it has shown enough, or here
const FULL_MINUTES = 20
const TOOTH_SECONDS = 18
// a run that is as short as a tooth is played with the faults of one
const SHORT_MINUTES = 1
const SHOWN = 10

const write = (out: string, report: unknown, name = "chaos.json"): Effect.Effect<string> =>
  Effect.sync(() => {
    NodeFs.mkdirSync(out, { recursive: true })
    const file = NodePath.join(out, name)
    NodeFs.writeFileSync(file, `${JSON.stringify(report, undefined, 2)}\n`)
    return file
  })

const show = Effect.fnUntraced(function* (outcome: Run.Outcome, folder: string, isFull: boolean) {
  const screen = yield* Screen
  for (const line of Report.lines(outcome, isFull)) yield* screen.line(line)
  for (const crash of outcome.crashes) yield* screen.line(`\n  ${crash}`)
  const { findings } = outcome
  if (findings.length > 0) yield* screen.line()
  for (const one of findings.slice(0, SHOWN)) {
    for (const line of Report.finding(one)) yield* screen.line(line)
  }
  if (findings.length === 0) return
  const file = NodePath.join(folder, "findings.txt")
  yield* Effect.sync(() => NodeFs.writeFileSync(file, `${findings.flatMap(Report.finding).join("\n")}\n`))
  yield* screen.line(`\n  all of them: ${file}`)
})

const orders = Effect.fnUntraced(function* ({ minutes, out, seed }: Options) {
  const screen = yield* Screen
  const isFull = Option.isNone(minutes)
  const millis = Math.round(Option.getOrElse(minutes, () => FULL_MINUTES) * 60_000)
  const run =
    millis < SHORT_MINUTES * 60_000
      ? Plan.short(seed, millis)
      : Plan.full(seed, millis, isFull ? Plan.enough : undefined)
  yield* screen.line(`every order is placed once, whatever breaks (seed ${seed})`)
  const folder = NodePath.join(out, "chaos", "orders")
  const outcome = yield* Run.play(run, folder)
  yield* show(outcome, folder, isFull)
  const missing = isFull ? Report.missing(outcome.figures) : []
  return { outcome, missing, isGood: Run.isClean(outcome) && missing.length === 0 }
})

const teeth = Effect.fnUntraced(function* ({ out, seed }: Options) {
  const screen = yield* Screen
  yield* screen.line("the same run with a planted mistake has to break")
  const all = yield* Teeth.all(seed, TOOTH_SECONDS, NodePath.join(out, "chaos", "teeth"))
  const planted = all.filter(({ defect }) => defect !== "none")
  const bite = planted.filter(({ bites }) => bites).length
  yield* screen.line(`  ${bite} of ${planted.length}`)
  return { all, bite, of: planted.length, isGood: all.every(({ bites }) => bites) }
})

const end = Effect.fnUntraced(function* (out: string, report: unknown, isGood: boolean, name?: string) {
  const screen = yield* Screen
  yield* screen.line(`\n  ${yield* write(out, report, name)}`)
  if (!isGood) return yield* new Broken()
})

const ordersCommand = Command.make("orders", flags, (options) =>
  Effect.gen(function* () {
    const { isGood, missing, outcome } = yield* orders(options)
    yield* end(options.out, { ...Report.toJson(outcome), missing }, isGood)
  })
).pipe(Command.withDescription("Orders while requests go astray and programs are killed"))

const teethCommand = Command.make("teeth", flags, (options) =>
  Effect.gen(function* () {
    const { all, bite, isGood } = yield* teeth(options)
    yield* end(options.out, { teeth: bite, defects: all }, isGood)
  })
).pipe(Command.withDescription("The same with one planted mistake at a time"))

const limits = Effect.fnUntraced(function* (options: Options) {
  const screen = yield* Screen
  const isFull = Option.isNone(options.minutes)
  yield* screen.line("limits are learned, shared, and not hit")
  const folder = NodePath.join(options.out, "chaos", "limits")
  const outcome = yield* Limits.play(options.seed, isFull ? LimitsPlan.full : LimitsPlan.short, folder).pipe(
    Effect.catchTag("Missing", ({ message }) => Effect.andThen(screen.line(`  ${message}`), new Broken()))
  )
  for (const line of Limits.lines(outcome, isFull)) yield* screen.line(line)
  return { outcome, isGood: Limits.isGood(outcome, isFull) }
})

const limitsCommand = Command.make("limits", flags, (options) =>
  Effect.gen(function* () {
    const { isGood, outcome } = yield* limits(options)
    yield* end(options.out, { seed: options.seed, limits: outcome }, isGood)
  })
).pipe(Command.withDescription("Processes that share a budget of tokens; with --minutes a short run"))

const EXPORT_FILE = "chaos-export.json"

const exported = Effect.fnUntraced(function* (options: Options, which?: ReadonlyArray<Export.Part>) {
  const screen = yield* Screen
  const isFull = Option.isNone(options.minutes)
  yield* screen.line("an export that is killed gives what an undisturbed one gives")
  const folder = NodePath.join(options.out, "chaos", "export")
  const outcome = yield* Export.play(options.seed, isFull ? ExportPlan.full : ExportPlan.short, folder, which)
  for (const line of Export.lines(outcome, isFull)) yield* screen.line(line)
  return { report: Export.toJson(options.seed, outcome), isGood: Export.isGood(outcome, isFull) }
})

const only = Flag.Literals("only", Export.parts).pipe(Flag.withDescription("One part of it, by itself"), Flag.optional)

const exportCommand = Command.make("export", { ...flags, only }, (options) =>
  Effect.gen(function* () {
    const { isGood, report } = yield* exported(options, Option.isSome(options.only) ? [options.only.value] : undefined)
    yield* end(options.out, report, isGood, EXPORT_FILE)
  })
).pipe(Command.withDescription("Exports of a history that are killed, and watched; with --minutes a short run"))

const toothCommand = Command.make(
  "tooth",
  { ...flags, defect: Flag.Literals("defect", Plan.defects).pipe(Flag.optional) },
  ({ defect, minutes, out, seed }) =>
    Effect.gen(function* () {
      const millis = Math.round(Option.getOrElse(minutes, () => TOOTH_SECONDS / 60) * 60_000)
      const run = Plan.short(seed, millis, Option.getOrUndefined(defect))
      const outcome = yield* Run.play(run, out)
      yield* show(outcome, out, false)
      yield* end(out, Report.toJson(outcome), Run.isClean(outcome))
    })
).pipe(Command.withDescription("One short run, with a planted mistake or without"))

/** The command. It fails with `Broken` after it has said what broke. */
export const command = Command.make("chaos", flags, (options) =>
  Effect.gen(function* () {
    const screen = yield* Screen
    const ordered = yield* orders(options)
    yield* screen.line()
    const bitten = yield* teeth(options)
    yield* screen.line()
    const limited = yield* limits(options)
    yield* screen.line()
    const history = yield* exported(options)
    yield* write(options.out, history.report, EXPORT_FILE)
    const report = {
      ...Report.toJson(ordered.outcome),
      missing: ordered.missing,
      teeth: bitten.bite,
      defects: bitten.all,
      limits: limited.outcome,
      export: history.report
    }
    yield* end(options.out, report, ordered.isGood && bitten.isGood && limited.isGood && history.isGood)
  })
).pipe(
  Command.withDescription(
    "Show that every order is placed once, whatever breaks, that limits are not hit, and that histories are whole"
  ),
  Command.withSubcommands([ordersCommand, teethCommand, toothCommand, limitsCommand, exportCommand])
)
