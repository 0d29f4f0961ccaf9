/**
 * Reads a private key out of whatever text a person has at hand. Pure; what it
 * returns about a wrong text is made of fixed words only, never of the text.
 *
 * @internal
 */
import * as Base64 from "effect/encoding/Base64"
import * as Result from "effect/Result"

/** A private key as DER, or what is wrong with the text. */
export type Found =
  | {
      readonly _tag: "Key"
      readonly type: "rsa" | "ed25519"
      readonly format: "pkcs1" | "pkcs8"
      readonly der: Uint8Array
    }
  | { readonly _tag: "Empty" }
  | { readonly _tag: "NotPem"; readonly found: string }
  | { readonly _tag: "PublicKey" }
  | { readonly _tag: "EncryptedKey" }
  | { readonly _tag: "UnsupportedKey"; readonly found: string; readonly advice: string }
  | { readonly _tag: "DamagedKey"; readonly description: string }
  | { readonly _tag: "SeveralKeys" }

const makeNew = "make an RSA or Ed25519 key for the exchange"

const unsupported = (found: string, advice = makeNew): Found => ({ _tag: "UnsupportedKey", found, advice })
const damaged = (description: string): Found => ({ _tag: "DamagedKey", description })
const notPem = (found: string): Found => ({ _tag: "NotPem", found })

/** Removes white space and quotes around a value, as an env file may leave them. */
export const unquote = (text: string): string => {
  const trimmed = text.trim()
  const quote = trimmed[0]
  return trimmed.length > 1 && (quote === `"` || quote === "'") && trimmed.endsWith(quote)
    ? trimmed.slice(1, -1).trim()
    : trimmed
}

/** Whether a value that should be something else is, or may be, part of a key. */
export const looksLikeKey = (text: string): boolean => {
  const bare = unquote(text)
  return (
    /BEGIN|PRIVATE KEY|[\r\n]|\\n/.test(bare) ||
    // DER of PKCS#1 and PKCS#8 in base64, and "-----" in base64.
    /^(MII|MC4CAQ|MFECAQ|LS0tLS)/.test(bare) ||
    /^[A-Za-z0-9+=_-][A-Za-z0-9+/=_-]{59,}$/.test(bare)
  )
}

const decodeBase64 = (text: string): Uint8Array | undefined => {
  const standard = text.replace(/-/g, "+").replace(/_/g, "/").replace(/=+$/, "")
  return Result.getOrUndefined(Base64.decode(standard.padEnd(Math.ceil(standard.length / 4) * 4, "=")))
}

// Escaped line ends become line ends (a PEM has no backslash of its own), and a
// PEM that is wrapped in base64 as a whole is unwrapped, once.
const normalise = (text: string): string => {
  const lines = unquote(text)
    .replace(/\\+[nr]/g, "\n")
    .replace(/\\/g, "")
  const joined = lines.replace(/\s/g, "")
  if (!/^[A-Za-z0-9+/_-]+=*$/.test(joined)) return lines
  const bytes = decodeBase64(joined)
  const inner = bytes === undefined ? "" : new TextDecoder().decode(bytes)
  return inner.includes("-----BEGIN") ? inner.replace(/\\+[nr]/g, "\n").replace(/\\/g, "") : lines
}

const blockPattern = /-----BEGIN ([A-Z0-9 ]+)-----([^-]*(?:-[^-]+)*)-----END ([A-Z0-9 ]+)-----/g

/** Reads one private key out of a text. */
export const read = (text: string): Found => {
  const clean = normalise(text)
  if (clean === "") return { _tag: "Empty" }
  const blocks = Array.from(clean.matchAll(blockPattern), (match) => ({
    label: match[1] ?? "",
    body: match[2] ?? "",
    whole: match[1] === match[3]
  }))
  const first = blocks[0]
  if (first === undefined) return withoutBlock(clean)
  // A file may hold more than the key: curve parameters, a certificate, the
  // public half. Its private key is what counts, if there is one only.
  const secret = blocks.filter((block) => block.label.endsWith("PRIVATE KEY"))
  if (secret.length > 1) return { _tag: "SeveralKeys" }
  const block = secret[0] ?? first
  return block.whole ? readBlock(block.label, block.body) : damaged("its BEGIN and END lines differ")
}

const readBlock = (label: string, body: string): Found => {
  switch (label) {
    case "PRIVATE KEY":
    case "RSA PRIVATE KEY":
      return /Proc-Type|DEK-Info/.test(body) ? { _tag: "EncryptedKey" } : readBody(body)
    case "ENCRYPTED PRIVATE KEY":
      return { _tag: "EncryptedKey" }
    case "PUBLIC KEY":
    case "RSA PUBLIC KEY":
      return { _tag: "PublicKey" }
    case "EC PRIVATE KEY":
    case "EC PARAMETERS":
      return unsupported("an elliptic-curve (ECDSA) key")
    case "DSA PRIVATE KEY":
    case "DSA PARAMETERS":
      return unsupported("a DSA key")
    case "OPENSSH PRIVATE KEY":
      return unsupported(
        "a key in the format of OpenSSH",
        "if it is an RSA key, convert a copy of it with `ssh-keygen -p -m PEM -f <copy>`; otherwise make a new key"
      )
    case "CERTIFICATE":
    case "X509 CERTIFICATE":
    case "TRUSTED CERTIFICATE":
      return unsupported("an X.509 certificate", "give the private key that belongs to it")
    case "CERTIFICATE REQUEST":
    case "NEW CERTIFICATE REQUEST":
      return unsupported("a certificate request", "give the private key that belongs to it")
    default:
      return unsupported("a PEM block of another kind")
  }
}

const withoutBlock = (text: string): Found => {
  if (/-----BEGIN PGP/.test(text)) return unsupported("a PGP key")
  if (/^(ssh-(rsa|ed25519|dss)|ecdsa-sha2-)/.test(text) || text.includes("BEGIN SSH2 PUBLIC KEY")) {
    return { _tag: "PublicKey" }
  }
  if (text.startsWith("PuTTY-User-Key-File")) {
    return unsupported("a key in the format of PuTTY", "export it from PuTTYgen as an OpenSSL PEM key")
  }
  if (/-----BEGIN [A-Z0-9 ]+-----/.test(text)) return damaged("it has no END line, so its end is missing")
  if (/-----END [A-Z0-9 ]+-----/.test(text)) return damaged("it has no BEGIN line, so its start is missing")
  if (/(BEGIN|END) [A-Z0-9 ]*KEY/.test(text)) {
    return damaged("its BEGIN and END lines have to begin and end with five dashes")
  }
  if (/^\s*<(!doctype|html|\?xml|head|body|[a-z]+[\s>])/i.test(text)) return notPem("a page of HTML or XML")
  if (/^[{[]/.test(text)) return notPem("JSON")
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) {
    return notPem("a UUID, as key ids are: key id and private key may be swapped")
  }
  // oxlint-disable-next-line no-control-regex
  if (/[\u0000-\u0008\u000e-\u001f\ufffd]/.test(text)) return notPem("binary data, such as a .der or .p12 file")
  if (/^(~?[/\\]|\.{1,2}[/\\]|[A-Za-z]:[/\\])/.test(text) || /^\S+\.(pem|key|txt|p8|pk8)$/.test(text)) {
    return notPem("a path, it seems: a path goes into KALSHI_PRIVATE_KEY_PATH, and reading it needs effect-kalshi/node")
  }
  if (/^[A-Za-z0-9+/=_\s-]{40,}$/.test(text)) return notPem("base64 without the BEGIN and END lines around it")
  return notPem("some other text")
}

// --- DER ---------------------------------------------------------------------

interface Element {
  readonly tag: number
  readonly start: number
  readonly end: number
}

const sequence = 0x30
const integer = 0x02
const octets = 0x04
const oid = 0x06

// The element at an offset, if it fits.
const at = (bytes: Uint8Array, offset: number, end: number): Element | undefined => {
  const tag = bytes[offset]
  const first = bytes[offset + 1]
  if (tag === undefined || first === undefined || offset + 2 > end) return undefined
  const size = first < 0x80 ? 0 : first & 0x7f
  if (first === 0x80 || size > 3) return undefined
  const start = offset + 2 + size
  const length = first < 0x80 ? first : bytes.subarray(offset + 2, start).reduce((sum, byte) => sum * 256 + byte, 0)
  return start + length > end ? undefined : { tag, start, end: start + length }
}

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")

const incomplete = damaged("what is between BEGIN and END is no complete key: copy the whole file again")

const readBody = (body: string): Found => {
  const der = decodeBase64(body.replace(/\s/g, ""))
  if (der === undefined) return damaged("what is between BEGIN and END is not base64: copy the whole file again")
  const outer = at(der, 0, der.length)
  if (outer === undefined || outer.tag !== sequence || outer.end !== der.length) return incomplete
  const version = at(der, outer.start, outer.end)
  if (version === undefined || version.tag !== integer) return incomplete
  const second = at(der, version.end, outer.end)
  // The contents decide, not the label: people rename labels.
  switch (second?.tag) {
    case integer:
      return { _tag: "Key", type: "rsa", format: "pkcs1", der }
    case octets:
      return unsupported("an elliptic-curve (ECDSA) key")
    case sequence: {
      const algorithm = at(der, second.start, second.end)
      if (algorithm === undefined || algorithm.tag !== oid) return incomplete
      const contents = at(der, second.end, outer.end)
      if (contents === undefined || contents.tag !== octets) return incomplete
      return readPkcs8(hex(der.subarray(algorithm.start, algorithm.end)), der, contents)
    }
    default:
      return incomplete
  }
}

// RFC 8410: an Ed25519 key without its public half, which some tools add and
// some runtimes do not read.
const ed25519Prefix = [48, 46, 2, 1, 0, 48, 5, 6, 3, 43, 101, 112, 4, 34, 4, 32]

const readPkcs8 = (algorithm: string, der: Uint8Array, contents: Element): Found => {
  switch (algorithm) {
    case "2a864886f70d010101":
      return { _tag: "Key", type: "rsa", format: "pkcs8", der }
    case "2b6570": {
      const seed = at(der, contents.start, contents.end)
      return seed === undefined || seed.tag !== octets || seed.end - seed.start !== 32
        ? incomplete
        : {
            _tag: "Key",
            type: "ed25519",
            format: "pkcs8",
            der: Uint8Array.of(...ed25519Prefix, ...der.subarray(seed.start, seed.end))
          }
    }
    case "2a864886f70d01010a":
      return unsupported(
        "an RSA key that is bound to PSS by its own parameters",
        "make a plain RSA key (`openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048`)"
      )
    case "2a8648ce3d0201":
      return unsupported("an elliptic-curve (ECDSA) key")
    case "2a8648ce380401":
      return unsupported("a DSA key")
    case "2b6571":
      return unsupported("an Ed448 key")
    case "2b656e":
    case "2b656f":
      return unsupported("an X25519 or X448 key, which cannot sign")
    default:
      return unsupported("a key of another algorithm")
  }
}
