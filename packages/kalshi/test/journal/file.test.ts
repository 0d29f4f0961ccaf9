import * as NodeServices from "@effect/platform-node/NodeServices"
import { afterAll, assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as PlatformError from "effect/PlatformError"
import { TestClock } from "effect/testing"
import * as Child from "node:child_process"
import * as Fs from "node:fs"
import * as Os from "node:os"
import * as Path from "node:path"
import * as Url from "node:url"
import * as OrderJournal from "../../src/OrderJournal.ts"
import * as Timestamp from "../../src/Timestamp.ts"
import * as Kit from "./Kit.ts"

const { applied, eventually, ids, intent } = Kit

const folder = Fs.mkdtempSync(Path.join(Os.tmpdir(), "order-journal-"))
afterAll(() => Fs.rmSync(folder, { recursive: true }))

let places = 0
const place = (): string => Path.join(folder, `${++places}.log`)

const layer = (options: OrderJournal.FileOptions): Kit.Opening =>
  OrderJournal.layerFile(options).pipe(Layer.provide(NodeServices.layer))

/** A journal in the file, closed at the end of the effect. */
const within = <A, E>(path: string, use: (journal: Kit.Journal) => Effect.Effect<A, E>) =>
  // what is said of a process that ends needs no sync, and is told sooner without
  Effect.scoped(Effect.flatMap(Kit.open(layer({ path, sync: false })), use))

const openIn = (path: string) => within(path, (journal) => Effect.map(journal.open, ids))

const record = (journal: Kit.Journal, id: string) =>
  Effect.map(journal.record(intent({ clientOrderIds: [id] })), ({ id }) => id)

const lines = (path: string): ReadonlyArray<string> =>
  Fs.readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line !== "")

/** What is logged meanwhile. */
const logged = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.suspend(() => {
    const told: Array<string> = []
    const logger = Logger.make<unknown, void>(({ logLevel, message }) => {
      if (logLevel === "Warn") told.push(String(Array.isArray(message) ? message[0] : message))
    })
    return Effect.map(Effect.provide(effect, Logger.layer([logger])), (value) => [value, told] as const)
  })

/** Files whose writes go through `write`, which says how many bytes of each the disk takes. */
const disk = (path: string, double: (file: FileSystem.File) => Partial<Pick<FileSystem.File, "write" | "sync">>) =>
  OrderJournal.layerFile({ path }).pipe(
    Layer.provide(
      Layer.effect(
        FileSystem.FileSystem,
        Effect.map(FileSystem.FileSystem, (fs) =>
          FileSystem.FileSystem.of({
            ...fs,
            open: (path, options) =>
              Effect.map(fs.open(path, options), (file): FileSystem.File =>
                Object.create(
                  file,
                  Object.fromEntries(Object.entries(double(file)).map(([key, value]) => [key, { value }]))
                )
              )
          })
        )
      )
    ),
    Layer.provide(NodeServices.layer)
  )

const noSpace = PlatformError.systemError({
  _tag: "Unknown",
  module: "FileSystem",
  method: "write",
  description: "ENOSPC: no space left on device"
})

/** The ids that a process has printed, and its end. */
const writer = (...args: ReadonlyArray<string>) => {
  const program = Url.fileURLToPath(new URL("writer.mjs", import.meta.url))
  const child = Child.spawn(process.execPath, [program, ...args], { stdio: ["ignore", "pipe", "inherit"] })
  let out = ""
  child.stdout.on("data", (chunk: Buffer) => {
    out += chunk.toString()
  })
  // a torn last line was not told
  const told = () => out.split("\n").slice(0, -1)
  const ended = Effect.callback<ReadonlyArray<string>>((resume) => {
    child.once("close", () => resume(Effect.succeed(told())))
  })
  const hasTold = (count: number) =>
    Effect.callback<void>((resume) => {
      child.stdout.on("data", () => {
        if (told().length >= count) resume(Effect.void)
      })
    })
  return { child, ended, hasTold }
}

describe("OrderJournal.layerFile", () => {
  it.effect("writes one line a record, for people too, after a line that says what it is", () =>
    Effect.gen(function* () {
      const path = place()
      yield* within(path, (journal) =>
        Effect.gen(function* () {
          const { id } = yield* journal.record(intent())
          yield* journal.attempt(id, Timestamp.fromSeconds(1))
          yield* journal.close(id, applied)
          yield* journal.setKilled("key-1", { reason: "stop", at: Timestamp.fromSeconds(2) })
        })
      )
      const all = lines(path)
      assert.deepStrictEqual(
        all.map((line) => /^[0-9a-f]{8} \{"_tag":"(\w+)"/.exec(line)?.[1]),
        ["journal", "entry", "attempt", "closed", "kill", "lease"]
      )
      // CRC-32 as other tools compute it
      assert.strictEqual(all[0], '4203bffc {"_tag":"journal","version":1}')
      assert.strictEqual(Fs.statSync(path).mode & 0o777, 0o600)
    })
  )

  it.effect("leaves all that is whole where the last record is torn, wherever it is torn", () =>
    Effect.gen(function* () {
      const path = place()
      const kept = yield* within(path, (journal) => Effect.all([record(journal, "a"), record(journal, "b")]))
      yield* within(path, (journal) => journal.setKilled("key-1", { reason: "é🙂", at: Timestamp.fromSeconds(2) }))
      const before = Fs.statSync(path).size
      yield* within(path, (journal) => Effect.andThen(journal.setKilled("key-1", undefined), journal.open))
      const bytes = Fs.readFileSync(path)
      assert.isAbove(bytes.length, before + 60)
      const torn = place()
      for (let length = before; length < bytes.length; length++) {
        Fs.writeFileSync(torn, bytes.subarray(0, length))
        const added = yield* within(torn, (journal) =>
          Effect.gen(function* () {
            assert.deepStrictEqual(ids(yield* journal.open), kept)
            assert.strictEqual((yield* journal.killed("key-1"))?.reason, "é🙂")
            return yield* record(journal, "c")
          })
        )
        assert.deepStrictEqual(yield* openIn(torn), [...kept, added])
      }
    }).pipe(Effect.provide(Logger.layer([])))
  )

  it.effect("starts anew where even its first line is torn", () =>
    Effect.gen(function* () {
      const path = place()
      yield* within(path, (journal) => record(journal, "a"))
      const bytes = Fs.readFileSync(path)
      for (const length of [0, 1, 2, 20, bytes.indexOf(10, 1)]) {
        Fs.writeFileSync(path, bytes.subarray(0, length))
        const id = yield* within(path, (journal) => record(journal, "b"))
        assert.deepStrictEqual(yield* openIn(path), [id])
      }
    }).pipe(Effect.provide(Logger.layer([])))
  )

  it.effect("leaves out what is damaged, and says once how much", () =>
    Effect.gen(function* () {
      const path = place()
      const kept = yield* within(path, (journal) =>
        Effect.all([record(journal, "a"), record(journal, "b"), record(journal, "c")])
      )
      const all = lines(path)
      const flipped = (all[2] ?? "").replace('"b"', '"x"')
      const garbage = Buffer.from([0, 255, 254, 13, 123, 10, 10, 0xc3, 10])
      Fs.writeFileSync(
        path,
        Buffer.concat([
          Buffer.from(`${all[0]}\n${all[1]}\n`),
          garbage,
          Buffer.from(`${flipped}\nx\n${all[3]}\n00000000 {"_tag":"entry"}\n`)
        ])
      )
      const [, told] = yield* logged(
        within(path, (journal) =>
          Effect.gen(function* () {
            assert.deepStrictEqual(ids(yield* journal.open), [kept[0], kept[2]])
            Fs.appendFileSync(path, "more\n")
            const id = yield* record(journal, "d")
            assert.deepStrictEqual(ids(yield* journal.open), [kept[0], kept[2], id])
          })
        )
      )
      assert.deepStrictEqual(told, [`the order journal ${path} has 5 damaged lines, which are left out`])
    })
  )

  it.effect("does not touch a file that is something else, or of a later version", () =>
    Effect.gen(function* () {
      const path = place()
      const refused = (text: string) =>
        Effect.gen(function* () {
          Fs.writeFileSync(path, text)
          const error = yield* Effect.flip(openIn(path))
          assert.strictEqual(error.operation, "open")
          assert.strictEqual(Fs.readFileSync(path, "utf8"), text)
          return error.description
        })
      assert.match(yield* refused("orders: none\n"), /no journal of orders/)
      assert.match(yield* refused("x"), /no journal of orders/)
      assert.match(yield* refused('692eec3f {"_tag":"journal","version":2}\n'), /version 2/)
      assert.match((yield* Effect.flip(openIn(folder))).message, /failed \(open\)/)
    })
  )

  it.effect("has every write that it has said to be durable when its process is killed", () =>
    Effect.gen(function* () {
      const path = place()
      const { child, ended, hasTold } = writer(path, "Infinity", "4")
      yield* hasTold(50)
      child.kill("SIGKILL")
      const acknowledged = yield* ended
      assert.isAtLeast(acknowledged.length, 50)
      assert.includeMembers([...(yield* openIn(path))], [...acknowledged])
    }).pipe(Effect.provide(Logger.layer([])))
  )

  it.live("is written to by several processes at once", () =>
    Effect.gen(function* () {
      const path = place()
      const told = yield* Effect.scoped(
        Effect.gen(function* () {
          const journal = yield* Kit.open(layer({ path }))
          const own = yield* record(journal, "own")
          const others = [writer(path, "40", "5"), writer(path, "40", "5")]
          const told = yield* Effect.all(
            others.map(({ ended }) => ended),
            { concurrency: "unbounded" }
          )
          const late = yield* record(journal, "late")
          const all = [own, ...told.flat(), late]
          assert.sameMembers([...ids(yield* journal.open)], all)
          assert.strictEqual(ids(yield* journal.open)[401], late)
          return all
        })
      )
      assert.strictEqual(told.length, 402)
      const [opened, warnings] = yield* logged(openIn(path))
      assert.sameMembers([...opened], told)
      assert.deepStrictEqual(warnings, [])
    })
  )

  it.effect("fails where the disk is full, and goes on when it no longer is", () =>
    Effect.gen(function* () {
      const path = place()
      let room = Infinity
      const journal = yield* Kit.open(
        disk(path, (file) => ({
          write: (bytes) =>
            Effect.suspend(() => {
              const part = bytes.subarray(0, room)
              return part.length === 0 ? Effect.fail(noSpace) : file.write(part)
            })
        }))
      )
      const first = yield* record(journal, "a")
      for (room of [0, 1, 30, 100]) {
        const error = yield* Effect.flip(record(journal, "b"))
        assert.strictEqual(error.operation, "record")
        assert.strictEqual((yield* Effect.flip(journal.close(first, applied))).operation, "close")
        assert.deepStrictEqual(ids(yield* journal.open), [first])
      }
      room = Infinity
      const second = yield* record(journal, "c")
      assert.deepStrictEqual(ids(yield* journal.open), [first, second])
      // the end that could not be written is written later
      yield* TestClock.adjust("2 seconds")
      assert.deepStrictEqual(yield* eventually(Effect.map(journal.open, ids), (opened) => opened.length === 1), [
        second
      ])
      assert.deepStrictEqual(yield* openIn(path), [second])
    }).pipe(Effect.provide(Logger.layer([])))
  )

  it.effect.skipIf(!Fs.existsSync("/dev/full"))("opens on a disk that is full, and records nothing", () =>
    Effect.gen(function* () {
      const journal = yield* Kit.open(layer({ path: "/dev/full" }))
      assert.deepStrictEqual(yield* journal.open, [])
      const error = yield* Effect.flip(record(journal, "a"))
      assert.match(error.message, /^the order journal failed \(record\): it cannot be written$/)
    })
  )

  it.effect("lets nothing be sent that was recorded too late", () =>
    Effect.gen(function* () {
      const path = place()
      let isSlow = false
      const slow = Effect.suspend(() => {
        isSlow = false
        return TestClock.adjust("6 seconds")
      })
      const journal = yield* Kit.open(
        disk(path, (file) => ({ sync: Effect.suspend(() => (isSlow ? slow : file.sync)) }))
      )
      isSlow = true
      const error = yield* Effect.flip(record(journal, "a"))
      assert.match(error.message, /longer than the lease/)
      assert.deepStrictEqual(yield* eventually(journal.open, (opened) => opened.length === 0), [])
      assert.match(Fs.readFileSync(path, "utf8"), /"outcome":"not-sent"/)
    })
  )

  it.effect("makes what comes together durable together", () =>
    Effect.gen(function* () {
      let syncs = 0
      const journal = yield* Kit.open(
        disk(place(), (file) => ({
          sync: Effect.andThen(
            Effect.sync(() => syncs++),
            file.sync
          )
        }))
      )
      yield* record(journal, "first")
      syncs = 0
      // each of them again as soon as it is done
      yield* Effect.forEach(
        Array.from({ length: 100 }, (_, index) => `c-${index}`),
        (id) => record(journal, id).pipe(Effect.repeat({ times: 4 })),
        { concurrency: "unbounded" }
      )
      assert.isAtMost(syncs, 15)
    })
  )

  it.effect("syncs each record unless told otherwise", () =>
    Effect.gen(function* () {
      const fails = Effect.exit(
        Effect.flatMap(Kit.open(disk(place(), () => ({ sync: Effect.fail(noSpace) }))), (journal) =>
          record(journal, "a")
        )
      )
      assert.isTrue(Exit.isFailure(yield* fails))
    })
  )

  it.effect("writes nothing while nothing is open", () =>
    Effect.gen(function* () {
      const path = place()
      const journal = yield* Kit.open(layer({ path }))
      assert.strictEqual(Fs.statSync(path).size, 0)
      yield* TestClock.adjust("1 minute")
      assert.strictEqual(Fs.statSync(path).size, 0)
      const id = yield* record(journal, "a")
      yield* TestClock.adjust("2 seconds")
      yield* eventually(
        Effect.sync(() => lines(path).length),
        (length) => length === 3
      )
      yield* journal.close(id, applied)
      const { size } = Fs.statSync(path)
      for (let minutes = 0; minutes < 3; minutes++) {
        yield* TestClock.adjust("1 minute")
        yield* TestClock.withLive(Effect.sleep("5 millis"))
      }
      assert.strictEqual(Fs.statSync(path).size, size)
    })
  )

  describe("a file that has grown", () => {
    /** One that holds little that is needed: 2 entries that are open, and a switch. */
    const grown = Effect.fnUntraced(function* (path: string) {
      return yield* within(path, (journal) =>
        Effect.gen(function* () {
          const first = yield* record(journal, "first")
          yield* journal.attempt(first, Timestamp.fromSeconds(1))
          yield* journal.setKilled("key-1", { reason: "stop", at: Timestamp.fromSeconds(2) })
          yield* journal.setKilled("key-2", { reason: "go on", at: Timestamp.fromSeconds(2) })
          yield* journal.setKilled("key-2", undefined)
          for (let index = 0; index < 40; index++) yield* journal.close(yield* record(journal, "over"), applied)
          const last = yield* record(journal, "last")
          return [first, last] as const
        })
      )
    })

    const compacting = (path: string) => layer({ path, compactAbove: 1024 })

    it.effect("is made smaller when it is opened, and keeps what is needed byte for byte", () =>
      Effect.gen(function* () {
        const path = place()
        const kept = yield* grown(path)
        const before = lines(path)
        const journal = yield* Kit.open(compacting(path))
        assert.deepStrictEqual(
          (yield* journal.open).map(({ attempts, entry }) => [entry.id, attempts.length]),
          [
            [kept[0], 1],
            [kept[1], 0]
          ]
        )
        assert.strictEqual((yield* journal.killed("key-1"))?.reason, "stop")
        assert.isUndefined(yield* journal.killed("key-2"))
        const after = lines(path)
        assert.isBelow(after.length, 10)
        assert.includeMembers([...before], [...after])
        const id = yield* record(journal, "new")
        assert.deepStrictEqual(yield* openIn(path), [...kept, id])
        assert.isFalse(Fs.existsSync(`${path}.compact`))
      })
    )

    it.effect("stays as it is while another writer is alive", () =>
      Effect.gen(function* () {
        const path = place()
        yield* grown(path)
        const other = yield* Kit.openStill(layer({ path }))
        yield* journalClosing(other)
        const { ino } = Fs.statSync(path)
        yield* Kit.open(compacting(path))
        assert.strictEqual(Fs.statSync(path).ino, ino)
        yield* TestClock.adjust("6 seconds")
        yield* Kit.open(compacting(path))
        assert.notStrictEqual(Fs.statSync(path).ino, ino)
      })
    )

    it.effect("stays as it is while another makes it smaller, or where that is not possible", () =>
      Effect.gen(function* () {
        const path = place()
        const kept = yield* grown(path)
        const { ino } = Fs.statSync(path)
        Fs.writeFileSync(`${path}.compact`, "")
        const [opened, told] = yield* logged(
          Effect.scoped(Effect.flatMap(Kit.open(compacting(path)), (journal) => Effect.map(journal.open, ids)))
        )
        assert.deepStrictEqual(opened, kept)
        assert.deepStrictEqual(told, [`the order journal ${path} could not be made smaller`])
        assert.strictEqual(Fs.statSync(path).ino, ino)
      })
    )

    it.effect("loses nothing of a writer that had it open and was idle", () =>
      Effect.gen(function* () {
        const path = place()
        const kept = yield* grown(path)
        const idle = yield* Kit.open(layer({ path }))
        const smaller = yield* Kit.open(compacting(path))
        const theirs = yield* record(idle, "theirs")
        const ours = yield* record(smaller, "ours")
        yield* idle.close(kept[0], applied)
        for (const journal of [idle, smaller]) {
          assert.deepStrictEqual(ids(yield* journal.open), [kept[1], theirs, ours])
        }
        assert.deepStrictEqual(yield* openIn(path), [kept[1], theirs, ours])
      })
    )
  })
})

const journalClosing = (journal: Kit.Journal) =>
  Effect.flatMap(record(journal, "over"), (id) => journal.close(id, applied))
