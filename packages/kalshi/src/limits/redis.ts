/**
 * Tokens of every process of an account, in Redis.
 *
 * One script of ours does what the store in memory does, on the store's clock,
 * for all buckets of a request at once and with the claims of every process:
 * Effect's script takes from one bucket, by the clock of each caller. The
 * budget that was learned lies beside the tokens, under the name of the account
 * alone, so that another tier is the same bucket.
 *
 * It also counts the processes. After an outage the first to come back finds
 * that nobody else was heard of meanwhile; what was spent meanwhile is not known here, so that every bucket
 * starts empty, and refills at the share of those who are back until all are.
 */
import type * as Effect from "effect/Effect"
import * as Redis from "effect/persistence/Redis"
import { PAUSE, RECOVERY, ROUNDING, SLOWEST } from "./bucket.ts"
import { STARVED } from "./Store.ts"

/** Milliseconds for which a claim stands whose process does not ask again. */
export const LEASE = 1_000

/** Milliseconds after which a process says that it lives. */
export const HEARTBEAT = 500

/** Milliseconds for which a process counts that is not heard of. */
const ALIVE = 5_000

/** Milliseconds after an outage in which those who are not back yet have their share. */
const GATHERING = 4_000

/** Milliseconds after which an account that nobody spends is forgotten. */
const FORGOTTEN = 86_400_000

/** The script, with the expression that tells the time in milliseconds. */
export const lua = (clock: string): string => `
local state, claims, members = KEYS[1], KEYS[2], KEYS[3]
local now = ${clock}
local call = cjson.decode(ARGV[1])
local budget = redis.call('HGET', state, 'budget') or ARGV[2]
local limits = cjson.decode(budget)

local function number(field)
  return tonumber(redis.call('HGET', state, field) or nil)
end

-- who else was heard of since this process last was, and who has come back since an outage
local since = now - (call.apart or 0)
local opened = number('opened')
if call.apart then
  redis.call('ZREM', members, call.member)
  -- the others' last words before an outage may be later than this one's
  local others = redis.call('ZCOUNT', members, string.format('%.17g', since + ${HEARTBEAT * 1.5}), '+inf')
  if not opened or others == 0 then
    opened = now
    redis.call('HSET', state, 'opened', string.format('%.17g', opened))
  end
  if opened >= since then
    redis.call('HSET', state, 'expected', math.max(number('expected') or 0, call.processes))
  end
elseif not opened then
  opened = now
  redis.call('HSET', state, 'opened', string.format('%.17g', opened))
end
local last = number('last') or now
redis.call('HSET', state, 'last', string.format('%.17g', now))
-- where the clock was set back, what was said of instants after it counts from now on
local back = last > now
if back and opened > now then
  opened = now
  redis.call('HSET', state, 'opened', string.format('%.17g', opened))
end
local share = 1
local expected = number('expected')
if expected then
  if now < opened + ${GATHERING} then
    local back = redis.call('ZCOUNT', members, string.format('%.17g', opened), '+inf')
    share = math.min(1, math.max(1, back) / expected)
  else
    redis.call('HDEL', state, 'expected')
  end
end

local function limit(name)
  if name == 'read' then return limits.read end
  return limits.write
end

local NEVER = -1e15

-- as in the store in memory: milliseconds at full pace, and back
local function gained(level, from, to)
  local a, b = math.max(0, level.slow - from), math.max(0, level.slow - to)
  return to - from - (a * a - b * b) / ${2 * RECOVERY}
end

local function lasting(level, from, gain)
  local slow = math.max(0, level.slow - from)
  local start = 1 - slow / ${RECOVERY}
  local within = ${RECOVERY} * (math.sqrt(start * start + 2 * gain / ${RECOVERY}) - start)
  if within <= slow then return within end
  return gain + slow * slow / ${2 * RECOVERY}
end

local function load(name)
  local level = { name = name, tokens = 0, quiet = NEVER, slow = NEVER, bucket = limit(name) }
  local at = opened
  local raw = redis.call('HGET', state, 'level:' .. name)
  if raw then
    local a, b, c, d = string.match(raw, '(%S+) (%S+) (%S+) (%S+)')
    level.tokens, at, level.quiet, level.slow = tonumber(a), tonumber(b), tonumber(c), tonumber(d)
    if at < opened then level.tokens, at = math.min(0, level.tokens), opened end
    if back then
      level.quiet = math.min(level.quiet, now + ${PAUSE})
      level.slow = math.min(level.slow, now + ${(1 - SLOWEST) * RECOVERY})
    end
  end
  level.refill = level.bucket.refill * share
  local gain = math.max(0, gained(level, at, now))
  level.tokens = math.min(level.bucket.capacity, level.tokens + level.refill * gain / 1000)
  return level
end

local function untilThere(level, from, missing)
  if missing <= 0 then return 0 end
  return lasting(level, from, missing / level.refill * 1000)
end

local function waitFor(level, wanted, cancels)
  local own = untilThere(level, now, wanted - level.tokens)
  if cancels or level.quiet == NEVER then return own end
  local from = math.max(now, level.quiet)
  local missing = wanted - level.refill * gained(level, level.quiet, from) / 1000
  return math.max(own, from - now + untilThere(level, from, missing))
end

local function save(level)
  local text = string.format('%.17g %.17g %.17g %.17g', level.tokens, now, level.quiet, level.slow)
  redis.call('HSET', state, 'level:' .. level.name, text)
end

local function known()
  local names = { 'read', 'write' }
  for _, field in ipairs(redis.call('HKEYS', state)) do
    local name = string.match(field, '^level:(.+)$')
    if name and name ~= 'read' and name ~= 'write' then names[#names + 1] = name end
  end
  return names
end

if back then
  for _, name in ipairs(known()) do save(load(name)) end
  redis.call('DEL', claims)
end

local function standing()
  local found = {}
  local all = redis.call('HGETALL', claims)
  for index = 1, #all, 2 do
    local claim = cjson.decode(all[index + 1])
    if claim.till < now then
      redis.call('HDEL', claims, all[index])
    else
      found[all[index]] = claim
    end
  end
  return found
end

local function first(claim)
  if now - claim.since >= ${STARVED} then return 0 end
  return claim.rank
end

local function precedes(a, b)
  if first(a) == first(b) then return a.order < b.order end
  return first(a) < first(b)
end

-- what a process spent that was cut off alone, while the others shared the whole
if call.spent and not expected then
  for name, tokens in pairs(call.spent) do
    local level = load(name)
    level.tokens = level.tokens - tokens
    save(level)
  end
end

local reply = { 0, '0' }

if call.op == 'ask' then
  local all = standing()
  local old = all[call.claim]
  local mine = {
    rank = call.rank, tokens = call.tokens, buckets = call.buckets, till = now + ${LEASE},
    order = old and old.order or redis.call('HINCRBY', state, 'claimed', 1),
    since = old and old.since or now
  }
  local wait, levels = 0, {}
  for index, name in ipairs(call.buckets) do
    local level = load(name)
    local bucket = level.bucket
    levels[index] = level
    local wanted = call.tokens
    for id, other in pairs(all) do
      if id ~= call.claim and precedes(other, mine) then
        for _, each in ipairs(other.buckets) do
          if each == name then wanted = wanted + other.tokens end
        end
      end
    end
    wanted = math.min(wanted, bucket.capacity)
    if call.tokens > bucket.capacity then
      wait = math.max(wait, ${LEASE / 4})
    else
      wait = math.max(wait, waitFor(level, wanted, call.rank == 0))
    end
  end
  if wait > ${ROUNDING} then
    redis.call('HSET', claims, call.claim, cjson.encode(mine))
    redis.call('PEXPIRE', claims, ${LEASE * 2})
    local starved = mine.since + ${STARVED} - now
    if starved > 0 then wait = math.min(wait, starved) end
    reply = { 0, string.format('%.17g', wait) }
  else
    redis.call('HDEL', claims, call.claim)
    for _, level in ipairs(levels) do
      local bucket = level.bucket
      if call.rank > 0 and level.quiet ~= NEVER then
        level.tokens = math.min(level.tokens, level.refill * gained(level, level.quiet, now) / 1000)
      end
      local reserve = math.min(bucket.refill * call.headroom / 1000, bucket.capacity / 2)
      level.tokens = math.min(level.tokens, bucket.capacity - reserve) - call.tokens
      save(level)
    end
    reply = { 1, string.format('%.17g', levels[1].tokens) }
  end
elseif call.op == 'withdraw' then
  redis.call('HDEL', claims, call.claim)
elseif call.op == 'giveBack' then
  for _, name in ipairs(call.buckets) do
    local level = load(name)
    level.tokens = math.min(level.bucket.capacity, level.tokens + call.tokens)
    save(level)
  end
elseif call.op == 'refused' then
  for _, name in ipairs(call.buckets) do
    local level = load(name)
    level.tokens = math.min(0, level.tokens)
    if now >= level.quiet then
      local left = math.max(${SLOWEST}, math.min(1, 1 - (level.slow - now) / ${RECOVERY}) / 2)
      level.slow = now + (1 - left) * ${RECOVERY}
    end
    level.quiet = now + ${PAUSE}
    save(level)
  end
elseif call.op == 'learn' then
  for _, name in ipairs(known()) do save(load(name)) end
  redis.call('HSET', state, 'budget', ARGV[3])
  budget = ARGV[3]
elseif call.op == 'levels' then
  for _, name in ipairs(known()) do
    reply[#reply + 1] = name
    reply[#reply + 1] = string.format('%.17g', load(name).tokens)
  end
end

if call.op == 'leave' then
  redis.call('ZREM', members, call.member)
else
  -- who comes back takes its share from now on, not of what has flowed in until now
  if share < 1 and not redis.call('ZSCORE', members, call.member) then
    for _, name in ipairs(known()) do save(load(name)) end
  end
  redis.call('ZADD', members, string.format('%.17g', now), call.member)
end
redis.call('ZREMRANGEBYSCORE', members, '-inf', string.format('%.17g', now - ${FORGOTTEN}))
for _, key in ipairs({ state, members }) do redis.call('PEXPIRE', key, ${FORGOTTEN}) end

local alive = redis.call('ZCOUNT', members, string.format('%.17g', now - ${ALIVE}), '+inf')
if share < 1 then alive = math.max(alive, expected) end
return { reply[1], reply[2], alive, budget, unpack(reply, 3) }
`

const CLOCK = `(function()
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + tonumber(time[2]) / 1000
end)()`

/** What a process says with each call. */
export interface Call {
  readonly op: "ask" | "withdraw" | "giveBack" | "refused" | "learn" | "levels" | "hello" | "leave"
  readonly member: string
  readonly headroom: number
  readonly claim?: string | undefined
  readonly rank?: number | undefined
  readonly tokens?: number | undefined
  readonly buckets?: ReadonlyArray<string> | undefined
  /** Milliseconds for which it has not heard of Redis, where it comes back after an outage. */
  readonly apart?: number | undefined
  /** How many processes there were before. */
  readonly processes?: number | undefined
  /** What it spent meanwhile, by bucket. */
  readonly spent?: Readonly<Record<string, number>> | undefined
}

/**
 * Granted or not, the tokens left of the first bucket or the milliseconds to wait, processes, the
 * budget in force, and names and tokens of buckets.
 */
export type Reply = readonly [
  granted: number,
  leftOrWait: string,
  processes: number,
  budget: string,
  ...levels: ReadonlyArray<string>
]

/** The script on a clock of one's own, for the state, the claims and the members of an account. */
export const script = (clock: string) =>
  Redis.script(
    (keys: readonly [state: string, claims: string, members: string], call: Call, assumed: string, learned: string) => [
      ...keys,
      JSON.stringify(call),
      assumed,
      learned
    ],
    { numberOfKeys: 3, lua: lua(clock) }
  ).withReturnType<Reply>()

/** The keys of an account, in one slot of a cluster. */
export const keysOf = (prefix: string, account: string): readonly [state: string, claims: string, members: string] => [
  `${prefix}{${account}}:state`,
  `${prefix}{${account}}:claims`,
  `${prefix}{${account}}:members`
]

const onStoreTime = script(CLOCK)

/** One call, the whole of which happens at one instant of the store. */
export const make =
  (redis: Redis.Redis["Service"], options: { readonly prefix: string; readonly account: string }) =>
  (call: Call, assumed: string, learned = ""): Effect.Effect<Reply, Redis.RedisError> =>
    redis.eval(onStoreTime)(keysOf(options.prefix, options.account), call, assumed, learned)
