/**
 * Who has an account, with which keys, and with which password on the wire of
 * 2.0.0.
 *
 * Ids, e-mails and passwords come from the seed and the name, so that the same
 * sandbox has the same; key pairs are fresh every time.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import type * as Timestamp from "effect-kalshi/Timestamp"
import * as Crypto from "node:crypto"
import * as Exchange from "./Exchange.ts"

/**
 * The kind of a key pair.
 *
 * @since 0.1.0
 * @category models
 */
export type KeyType = "rsa" | "ed25519"

/**
 * What may be changed of a key; what is absent stays as it is.
 *
 * @since 0.1.0
 * @category models
 */
export interface Terms {
  /** What its owner calls it. */
  readonly name?: string | undefined
  /** Everything of `read` and `write`, or parts of them such as `write::trade`. */
  readonly scopes?: ReadonlyArray<string> | undefined
  /** The only subaccount that it may use; `null` frees it. */
  readonly subaccount?: number | null | undefined
}

/**
 * A registered key, whom it speaks for, and what it may do.
 *
 * @since 0.1.0
 * @category models
 */
export interface Key {
  readonly keyId: string
  readonly account: string
  readonly publicKey: Crypto.KeyObject
  readonly name: string
  readonly scopes: ReadonlyArray<string>
  readonly subaccount: number | undefined
}

/**
 * What a new member gets: the private key in PEM, empty where the member
 * brought a public key, and a login, which stays the same with another key.
 *
 * @since 0.1.0
 * @category models
 */
export interface Account {
  readonly id: string
  readonly keyId: string
  readonly privateKey: Redacted.Redacted<string>
  readonly email: string
  readonly password: Redacted.Redacted<string>
}

/**
 * The members of the exchange.
 *
 * @since 0.1.0
 * @category services
 */
export class Members extends Context.Service<
  Members,
  {
    /** Registers a key for the member of this name, who is made if there is none. */
    readonly register: (
      name: string,
      options: {
        readonly key?: KeyType | undefined
        readonly publicKeyPem?: string | undefined
      }
    ) => Effect.Effect<Account>
    /** The id of the member of this name, registered or not. */
    readonly idOf: (name: string) => string
    /** The key of this id. */
    readonly find: (keyId: string) => Key | undefined
    /** The keys of an account, the oldest first. */
    readonly keysOf: (account: string) => ReadonlyArray<Key>
    /** Changes what a key may do; one that is not there is a defect. */
    readonly setKey: (keyId: string, terms: Terms) => void
    /** Until when the keys of an account may trade what some regions may not, if it ever said where it is. */
    readonly regionExpiryOf: (account: string) => Timestamp.Timestamp | undefined
    readonly setRegionExpiry: (account: string, expiresAt: Timestamp.Timestamp | undefined) => void
    /** The account that this e-mail and password are the login of. */
    readonly recognise: (email: string, password: string) => string | undefined
  }
>()("@effect-kalshi/sandbox/Members") {}

interface Pair {
  readonly publicKey: Crypto.KeyObject
  readonly privateKey: string
}

// the exchange hands out RSA keys in PKCS#1 and Ed25519 keys in PKCS#8
const generate = (type: KeyType): Effect.Effect<Pair> =>
  type === "ed25519"
    ? Effect.sync(() => {
        const pair = Crypto.generateKeyPairSync("ed25519")
        return {
          publicKey: pair.publicKey,
          privateKey: pair.privateKey.export({ type: "pkcs8", format: "pem" }).toString()
        }
      })
    : Effect.callback<Pair>((resume) => {
        Crypto.generateKeyPair("rsa", { modulusLength: 2048 }, (error, publicKey, privateKey) => {
          resume(
            error === null
              ? Effect.sync(() => ({
                  publicKey,
                  privateKey: privateKey.export({ type: "pkcs1", format: "pem" }).toString()
                }))
              : Effect.die(error)
          )
        })
      })

const hash = (text: string): Buffer => Crypto.createHash("sha256").update(text).digest()

const identify = (...parts: ReadonlyArray<string | number>): string => {
  const hex = hash(parts.join("\n")).toString("hex")
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

// what of a name an e-mail can hold; a name that loses something is told apart by its id
const addressOf = (name: string, id: string): string => {
  const slug = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "")
    .slice(0, 40)
  return `${slug === name ? slug : [slug, id.slice(0, 8)].filter((part) => part !== "").join("-")}@sandbox.example`
}

// what a key gets whose owner asks for nothing in particular
const FULL: ReadonlyArray<string> = ["read", "write"]

interface Login {
  readonly account: string
  /** The hash of the password: hashes are of one length, which comparing them in constant time needs. */
  readonly password: Buffer
}

/**
 * Builds an empty list of members.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer: Layer.Layer<Members, never, Exchange.Exchange> = Layer.effect(
  Members,
  Effect.gen(function* () {
    const exchange = yield* Exchange.Exchange
    const keys = new Map<string, Key>()
    const logins = new Map<string, Login>()
    const regions = new Map<string, Timestamp.Timestamp>()
    // who is not there takes as long to refuse as who is
    const nobody: Login = { account: "", password: hash(Crypto.randomUUID()) }
    const idOf = (name: string): string => identify(exchange.seed, "account", name)
    return Members.of({
      idOf,
      find: (keyId) => keys.get(keyId),
      keysOf: (account) => [...keys.values()].filter((key) => key.account === account),
      setKey: (keyId, terms) => {
        const key = keys.get(keyId)
        if (key === undefined) throw new RangeError("there is no such key")
        keys.set(keyId, {
          ...key,
          name: terms.name ?? key.name,
          scopes: terms.scopes ?? key.scopes,
          subaccount: terms.subaccount === undefined ? key.subaccount : (terms.subaccount ?? undefined)
        })
      },
      regionExpiryOf: (account) => regions.get(account),
      setRegionExpiry: (account, expiresAt) => {
        if (expiresAt === undefined) regions.delete(account)
        else regions.set(account, expiresAt)
      },
      recognise: (email, password) => {
        const login = logins.get(email.toLowerCase()) ?? nobody
        return Crypto.timingSafeEqual(login.password, hash(password)) ? login.account : undefined
      },
      register: Effect.fnUntraced(function* (name, options) {
        const id = idOf(name)
        const pem = options.publicKeyPem
        const pair =
          pem === undefined
            ? yield* generate(options.key ?? "rsa")
            : { publicKey: yield* Effect.sync(() => Crypto.createPublicKey(pem)), privateKey: "" }
        const keyId = identify(exchange.seed, "key", name, keys.size)
        keys.set(keyId, {
          keyId,
          account: id,
          publicKey: pair.publicKey,
          name: `${name} ${keys.size + 1}`,
          scopes: FULL,
          subaccount: undefined
        })
        const email = addressOf(name, id)
        const password = identify(exchange.seed, "password", name)
        logins.set(email, { account: id, password: hash(password) })
        yield* exchange.run((engine, at) => {
          if (!engine.accounts().includes(id)) engine.openAccount(id, at)
        })
        return {
          id,
          keyId,
          privateKey: Redacted.make(pair.privateKey),
          email,
          password: Redacted.make(password)
        }
      })
    })
  })
)
